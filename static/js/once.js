// A form is sent once: after the first tap its button rests until the page is shown again. The server is safe
// without this (the same entry_id is the same entry); it only spares a nervous second tap.
(() => {
  "use strict";
  const resting = new Set();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || "again" in form.dataset) return;
    const button = event.submitter || form.querySelector("[type=submit]");
    // After this turn of the event loop, so that the button's own name and value are still sent.
    setTimeout(() => {
      if (event.defaultPrevented || !button) return;
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      resting.add(button);
    });
  });

  window.addEventListener("pageshow", () => {
    resting.forEach((button) => {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    });
    resting.clear();
  });
})();
