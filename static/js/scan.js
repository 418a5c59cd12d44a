// A wedge scanner is a keyboard that types fast and ends with Enter. In a field marked data-scan its code stays. With
// a button, nothing or a number field in focus it is taken out of there and goes where it belongs (route.js).
(() => {
  "use strict";
  const BURST_MS = 60; // longest pause between two characters of one scan; people type slower
  const SHORTEST = 4; // characters; a shorter burst is somebody's key press
  const TEXT = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
  const NUMBER = "main [inputmode=decimal]:not([data-scan]), main [inputmode=numeric]:not([data-scan])";
  const OWN = /^(https?:\/\/\S+\/)?[A-Z]\d{4,}-?\d{2,}$/i; // what nobody types into a number field
  let typed = "";
  let before = "";
  let last = 0;

  const put = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    const isNumber = Boolean(field.matches?.(NUMBER));
    if (field.matches?.(TEXT) && !isNumber) return;
    if (event.timeStamp - last > BURST_MS) [typed, before] = ["", field.value];
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= SHORTEST && (!isNumber || OWN.test(typed))) {
      event.preventDefault(); // or the scan would press whatever button has the focus
      event.stopImmediatePropagation();
      if (isNumber) put(field, before);
      document.dispatchEvent(new CustomEvent("scanned", { detail: typed }));
      typed = "";
    } else if (event.ctrlKey && event.key === "]") {
      typed += "\u001d"; // the group separator of a GS1 code
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  });
})();
