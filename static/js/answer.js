// The sound of a scan answer (the band on top of the page): one high tone for accepted, two for held, three low ones
// for rejected. A browser that refuses sound shows the band all the same.
(() => {
  "use strict";
  const TONES = { accepted: [[1320], 0.16], held: [[660, 660], 0.18], rejected: [[220, 220, 220], 0.24], note: [[880], 0.1] };
  const band = document.querySelector(".band");
  const [pitches, seconds] = TONES[band?.dataset.tone] || [];
  if (!pitches || !window.AudioContext) return;

  const sound = new AudioContext();
  pitches.forEach((pitch, turn) => {
    const voice = new OscillatorNode(sound, { frequency: pitch });
    const loudness = new GainNode(sound, { gain: 0.2 });
    voice.connect(loudness).connect(sound.destination);
    voice.start(turn * seconds * 1.5);
    voice.stop(turn * seconds * 1.5 + seconds);
  });
})();
