// What is asked for only under some answers of an earlier choice (<div data-only-when="formulation" data-is="albumin">)
// is hidden, and not sent, under the others. Without a script it stands there with its hint; what may be recorded is
// judged by the server either way.
(() => {
  "use strict";
  const boxes = [...document.querySelectorAll("[data-only-when]")];
  if (!boxes.length) return;

  const answer = (form, name) =>
    [...form.elements].find((each) => each.name === name && each.checked && !each.disabled)?.value;

  const settle = () => {
    // In the order of the page: a choice that is hidden itself has no answer.
    boxes.forEach((box) => {
      const inputs = [...box.querySelectorAll("input, select, textarea")];
      const asked = box.dataset.is.split(" ").includes(answer(box.closest("form"), box.dataset.onlyWhen));
      box.hidden = !asked && !box.querySelector(".field-error");
      inputs.forEach((each) => { each.disabled = box.hidden; });
    });
  };

  document.addEventListener("change", settle);
  window.addEventListener("pageshow", settle);
  settle();
})();
