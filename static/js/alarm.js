// The end of a timer sounds once on each device: on the page that is open then, or on the next one that is opened (also
// after a reload). A browser that lets no page sound before it was touched sounds at the first touch.
(() => {
  "use strict";
  const KEPT = "rung ";
  const TIMES = 4;
  const waiting = new Set();
  let sound = null;

  const ring = async () => {
    if (sound?.state !== "running") { // one that was made before the first touch may never run
      sound?.close();
      sound = new AudioContext();
    }
    await Promise.race([sound.resume(), new Promise((done) => { setTimeout(done, 500); })]);
    if (sound.state !== "running") return;
    waiting.forEach((card) => {
      waiting.delete(card);
      for (let turn = 0; turn < TIMES; turn += 1) {
        const voice = new OscillatorNode(sound, { frequency: turn % 2 ? 880 : 1175 });
        voice.connect(new GainNode(sound, { gain: 0.3 })).connect(sound.destination);
        voice.start(sound.currentTime + turn * 0.45);
        voice.stop(sound.currentTime + turn * 0.45 + 0.3);
      }
      localStorage.setItem(KEPT + card.dataset.key, card.dataset.stands);
      card.dataset.rung = card.dataset.stands;
    });
  };

  document.addEventListener("ended", (event) => {
    const card = event.target;
    if (!window.AudioContext || localStorage.getItem(KEPT + card.dataset.key) === card.dataset.stands) return;
    waiting.add(card);
    ring();
  });
  ["pointerup", "click", "keydown"].forEach((touch) => document.addEventListener(touch, () => waiting.size && ring()));
})();
