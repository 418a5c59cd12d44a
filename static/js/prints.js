// Labels that a step made are printed, or put away, without leaving the page: what is typed in the step stays. Where the
// answer is no file of labels, the form is sent as a page sends it, and the page that comes says why.
(() => {
  "use strict";
  const send = (form) => fetch(form.action, { method: "POST", body: new FormData(form) }).catch(() => null);

  const save = async (answer) => {
    const address = URL.createObjectURL(await answer.blob());
    const named = /filename="?([^";]+)/.exec(answer.headers.get("Content-Disposition") || "");
    const link = Object.assign(document.createElement("a"), { href: address, download: named ? named[1] : "labels.pdf" });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  };

  const say = (form, sentence) => {
    const said = Object.assign(document.createElement("p"), { className: "to-print-done", textContent: sentence });
    said.setAttribute("role", "status");
    form.replaceWith(said);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const prints = "prints" in form.dataset;
    if (!prints && !("putAway" in form.dataset)) return;
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    const words = button.textContent.trim().replace(/^Print (.*)$/, "$1 printed. The file is saved: send it to the printer.");
    const answer = await send(form);
    const isFile = answer?.ok && (answer.headers.get("Content-Type") || "").startsWith("application/pdf");
    if (prints && isFile) {
      await save(answer);
      say(form, words);
    } else if (!prints && answer?.ok) {
      form.closest(".to-print").remove();
    } else {
      button.disabled = false;
      form.submit();
    }
  });
})();
