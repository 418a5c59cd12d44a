// What a step's page is told while somebody types: worked out, recognised and judged by the server with the code that
// records it (data-preview is its address), never here. A number that what was typed has overtaken is not shown.
(() => {
  "use strict";
  const PAUSE_MS = 300; // after the last key
  const form = document.querySelector("main form[data-preview]");
  if (!form) return;
  let waiting = 0;
  let asked = 0;

  const draw = (parts) => Object.entries(parts).forEach(([name, part]) => {
    const place = document.getElementById(`seen-${name}`);
    const made = new DOMParser().parseFromString(part, "text/html").body.firstElementChild;
    place?.replaceChildren(...document.importNode(made, true).childNodes);
    place?.removeAttribute("aria-busy");
  });

  const ask = async () => {
    const mine = ++asked;
    const request = { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } };
    const answer = await fetch(form.dataset.preview, request)
      .then((each) => (each.ok ? each.json() : null)).catch(() => null);
    if (mine !== asked) return; // something was typed meanwhile
    if (answer) draw(answer.seen);
    else form.dataset.unanswered = ""; // the numbers stay hidden
  };

  const changed = () => {
    asked += 1;
    delete form.dataset.unanswered;
    form.querySelectorAll(".seen").forEach((place) => place.setAttribute("aria-busy", "true"));
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE_MS);
  };

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  window.addEventListener("pageshow", (event) => event.persisted && changed());
})();
