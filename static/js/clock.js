// Timers tick in sight of the bench: data-until counts down, data-begin first to the earliest end, data-since up where
// nothing ends. The time is the server's (data-now) and not the tablet's. What is in time is judged by the server when
// the entry arrives. Whoever has to hear of an end is told by "ended" (alarm.js).
(() => {
  "use strict";
  const LAST_MS = 600000; // from here on the seconds are shown
  const two = (number) => String(number).padStart(2, "0");
  const shown = (ms) => {
    const seconds = Math.floor(Math.abs(ms) / 1000);
    if (Math.abs(ms) < LAST_MS) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)}`;
    return `${Math.floor(seconds / 3600)} h ${two(Math.floor(seconds / 60) % 60)}`;
  };

  const stand = (element, at) => {
    const [begin, until, since] = ["begin", "until", "since"].map((name) => Date.parse(element.dataset[name]));
    if (begin > at) return ["runs", begin - at, "until it may be stopped"];
    if (until > at) return begin ? ["end", until - at, "may be stopped; left until it must be"] : ["runs", until - at, "left"];
    if (until <= at) return ["over", at - until, "over its time"];
    if (begin <= at) return ["end", at - begin, "since it may be stopped"];
    return ["runs", at - since, "since it began"];
  };

  const tick = (element, offset) => {
    const [stands, left, word] = stand(element, Date.now() + offset);
    if (Number.isNaN(left)) return;
    const card = element.closest(".timer");
    element.textContent = !card && stands === "over" ? `over by ${shown(left)}` : shown(left);
    if (!card || card.dataset.stands === stands) return;
    card.dataset.stands = stands;
    card.querySelector(".timer-word").textContent = word;
    if (stands !== "runs" && "sounds" in element.dataset) card.dispatchEvent(new Event("ended", { bubbles: true }));
  };

  window.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-until], [data-since], [data-begin]").forEach((element) => {
      const now = Date.parse(element.dataset.now);
      const offset = Number.isNaN(now) ? 0 : now - Date.now();
      tick(element, offset);
      setInterval(() => tick(element, offset), 1000);
    });
  });
})();
