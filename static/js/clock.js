// Timers tick: <p data-until="2026-11-23T08:14:00+07:00" data-now="...server time...">20 h 48</p> counts down,
// data-since counts up. Cosmetic only: what is in time is judged by the server's clock when the entry arrives.
(() => {
  "use strict";
  const shown = (ms) => {
    const minutes = Math.floor(Math.abs(ms) / 60000);
    return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
  };

  const tick = (element, offset) => {
    const at = Date.now() + offset;
    const { until, since } = element.dataset;
    const left = until ? Date.parse(until) - at : at - Date.parse(since);
    if (Number.isNaN(left)) return;
    element.textContent = until && left < 0 ? `over by ${shown(left)}` : shown(left);
  };

  document.querySelectorAll("[data-until], [data-since]").forEach((element) => {
    const now = Date.parse(element.dataset.now);
    const offset = Number.isNaN(now) ? 0 : now - Date.now();
    tick(element, offset);
    setInterval(() => tick(element, offset), 10000);
  });
})();
