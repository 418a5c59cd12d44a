// Nothing is recorded by accident: Enter in a field goes on to the next one and never sends a form that records
// something (data-scan="go" and forms with a password are sent by it). A bench page opens with the focus in its first
// open field. Whoever fills a field (a scan, the keypad) says "onward" on it, whoever
// wants the focus back where it belongs says "settle" on the form.
(() => {
  "use strict";
  const RESTS_MS = 400; // a scanner may end with two line ends: the second does not press the button it arrives at
  const STOPS = "input:not([type=hidden]), select, textarea, button[type=submit]";
  let left = -Infinity;

  const isSeen = (stop) => !stop.disabled && stop.checkVisibility();
  const records = (form) => form?.method === "post" && !form.querySelector("[type=password]");
  const stops = (form) => [...form.querySelectorAll(STOPS)].filter(isSeen);

  const onward = (field) => {
    const found = stops(field.form);
    const next = found.slice(found.indexOf(field) + 1).find((stop) => stop.type !== "radio" || stop.name !== field.name);
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };

  const isOpen = (stop) => {
    if (stop.type === "submit") return false;
    if (stop.type === "radio") return !stop.form.querySelector(`[name="${CSS.escape(stop.name)}"]:checked`);
    return stop.type === "checkbox" ? !stop.checked : !stop.value;
  };

  document.addEventListener("onward", (event) => onward(event.target));

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key !== "Enter" || event.isComposing || !records(field.form)) return;
    if (field.matches("button") && event.timeStamp - left < RESTS_MS) event.preventDefault();
    if (!field.matches("input, select") || field.dataset.scan === "go" || field.type === "submit") return;
    event.preventDefault();
    left = event.timeStamp;
    onward(field);
  });

  const settle = (form) => {
    const faulty = form.querySelector("[aria-invalid=true], .field-faulty input");
    (faulty || stops(form).find(isOpen))?.focus({ preventScroll: true });
  };

  document.addEventListener("settle", (event) => settle(event.target));

  window.addEventListener("load", () => {
    const form = [...document.querySelectorAll(".at-bench main form")].find(records);
    if (form && document.activeElement === document.body) settle(form);
  });
})();
