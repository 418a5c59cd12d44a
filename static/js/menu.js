// The menu of a bench page lies over the page: it closes when the focus or a finger goes elsewhere, and with Escape, which
// gives the focus back to what opened it.
(() => {
  "use strict";
  const menu = document.querySelector("details.menu");
  if (!menu) return;
  const leave = (event) => {
    const to = event.type === "focusout" ? event.relatedTarget : event.target;
    if (to && !menu.contains(to)) menu.open = false;
  };

  menu.addEventListener("focusout", leave);
  document.addEventListener("pointerdown", leave);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
})();
