// Light or dark: as the device asks, unless somebody chose on this device; the choice is kept on it, as the keypad's is.
// Runs before the first paint, or a dark page would begin with a flash of white. Without it the device decides.
(() => {
  "use strict";
  const KEPT = "colours";
  const CONDITIONS = { light: "not all", dark: "screen" };
  const dark = document.getElementById("dark").sheet.cssRules[0]; // the one rule of dark.css
  const asked = dark.media.mediaText;

  const settle = () => {
    const chosen = localStorage.getItem(KEPT) || "";
    dark.media.mediaText = CONDITIONS[chosen] || asked;
    const choice = document.getElementById("colours");
    if (choice) choice.value = chosen in CONDITIONS ? chosen : "";
  };

  settle();
  window.addEventListener("storage", settle); // chosen in another tab
  window.addEventListener("pageshow", settle); // a page that comes back as it was
  window.addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("colours");
    choice.parentElement.hidden = false;
    choice.addEventListener("change", () => {
      localStorage.setItem(KEPT, choice.value);
      settle();
    });
    settle();
  });
})();
