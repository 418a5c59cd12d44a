// Keys of our own for the numbers of a step: large enough for gloves, and they leave the page in sight. On where fingers
// are what points, unless somebody turned them off on this device (or on). A keyboard types into the same field.
(() => {
  "use strict";
  const KEPT = "keypad";
  const NUMBERS = "main form .input-number, main form .count-grid input";
  const pad = document.getElementById("keypad");
  const choice = document.getElementById("keypad-switch");
  if (!pad) return;
  const LEAVES_MS = 300; // or the page would move under the finger that taps a button
  let field = null;
  let leaving = 0;

  const isOn = () => (localStorage.getItem(KEPT) || (matchMedia("(pointer: coarse)").matches ? "on" : "off")) === "on";

  const show = (wanted) => {
    clearTimeout(leaving);
    field = wanted;
    pad.hidden = !wanted;
    document.body.classList.toggle("has-keypad", Boolean(wanted));
    wanted?.scrollIntoView({ block: "center" });
  };

  const settle = () => {
    document.querySelectorAll(NUMBERS).forEach((each) => {
      each.dataset.keys ||= each.inputMode || "text";
      each.inputMode = isOn() ? "none" : each.dataset.keys; // "none" keeps the tablet's own keyboard away
    });
    choice.hidden = !document.querySelector(NUMBERS);
    choice.textContent = isOn() ? "Turn the keypad off on this device" : "Turn the keypad on on this device";
    if (!isOn()) show(null);
  };

  const put = (text) => {
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const from = text === "" && start === end ? Math.max(start - 1, 0) : start;
    field.setRangeText(text, from, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  pad.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.value;
    if (!field || !key) return;
    if (key === "next") field.dispatchEvent(new Event("onward", { bubbles: true }));
    else put(key === "back" ? "" : key);
  });
  choice.addEventListener("click", () => {
    localStorage.setItem(KEPT, isOn() ? "off" : "on");
    settle();
  });
  document.addEventListener("focusin", (event) => {
    clearTimeout(leaving);
    if (isOn() && event.target.matches(NUMBERS)) show(event.target);
    else if (!pad.contains(event.target)) leaving = setTimeout(show, LEAVES_MS, null);
  });
  settle();
})();
