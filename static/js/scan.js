// A wedge scanner is a keyboard that types fast and ends with Enter. With no text field in focus its code goes to
// the scan box; in a field marked data-scan it stays, and Enter goes on to the next field instead of sending the form
// (data-scan="go" sends it).
(() => {
  "use strict";
  const BURST_MS = 60; // longest pause between two characters of one scan; people type slower
  const SHORTEST = 4; // characters; a shorter burst is somebody's key press
  const TEXT = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])";
  let typed = "";
  let last = 0;

  const onward = (field) => {
    const stops = [...field.form.querySelectorAll("input:not([type=hidden]), select, textarea, button")]
      .filter((stop) => !stop.disabled && stop.offsetParent);
    stops[stops.indexOf(field) + 1]?.focus();
  };

  const search = (code) => {
    const box = document.getElementById("scan");
    if (!box) return;
    box.value = code;
    box.form.requestSubmit();
  };

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (field.matches?.("[data-scan]") && event.key === "Enter" && field.dataset.scan !== "go") {
      event.preventDefault();
      onward(field);
      return;
    }
    if (field.matches?.(TEXT)) return;
    if (event.timeStamp - last > BURST_MS) typed = "";
    last = event.timeStamp;
    if (event.key === "Enter" && typed.length >= SHORTEST) {
      event.preventDefault(); // or the scan would press whatever button has the focus
      search(typed);
      typed = "";
    } else if (event.ctrlKey && event.key === "]") {
      typed += "\u001d"; // the group separator of a GS1 code
    } else if (event.key.length === 1) {
      typed += event.key;
    }
  });
})();
