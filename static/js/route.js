// Where a scan goes that no field in focus took: to the field that waits for it (of a step the server says which), else
// to the scan box; and a page on which something stands that is not recorded is never left without asking.
(() => {
  "use strict";
  const box = document.getElementById("scan");
  const dialog = document.getElementById("leave");

  const forms = () => [...document.querySelectorAll("main form[method=post]")];
  const isChanged = (each) => !each.disabled && (
    ["radio", "checkbox"].includes(each.type) ? each.checked !== each.defaultChecked
      : each.options ? [...each.options].some((option) => option.selected !== option.defaultSelected)
        : "defaultValue" in each && each.type !== "hidden" && each.value !== each.defaultValue);
  const isUnsaved = (form) => "unsaved" in form.dataset || Boolean(form.querySelector(".error-summary"))
    || [...form.elements].some(isChanged);

  const search = (code) => {
    if (!box) return;
    box.value = code;
    box.form.submit(); // asks nothing any more
  };

  const put = (field, value) => {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const stay = (form) => {
    document.activeElement?.blur(); // the browser gives the focus back to the scan box, without a caret
    form.dispatchEvent(new Event("settle", { bubbles: true }));
  };

  const ask = (code, form) => {
    dialog.querySelector("[data-code]").textContent = code;
    dialog.returnValue = "";
    dialog.onclose = () => (dialog.returnValue === "leave" ? search(code) : stay(form));
    if (!dialog.open) dialog.showModal();
  };

  const wanted = async (form, code) => {
    const body = new FormData(form);
    body.set("scanned", code);
    const answer = await fetch(form.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" } })
      .then((each) => (each.ok ? each.json() : {})).catch(() => ({}));
    return answer.scanned && form.elements[answer.scanned];
  };

  const onlyOpen = (found) => {
    const open = found.flatMap((form) => [...form.querySelectorAll("[data-scan]")])
      .filter((each) => !each.value && !each.disabled && each.checkVisibility());
    return open.length === 1 ? open[0] : null;
  };

  const route = async (code) => {
    const step = forms().find((form) => form.dataset.preview);
    const unsaved = forms().filter(isUnsaved);
    const field = step ? await wanted(step, code) : onlyOpen(unsaved);
    if (field) {
      put(field, code);
      field.dispatchEvent(new Event("onward", { bubbles: true }));
    } else if (unsaved.length) ask(code, unsaved[0]);
    else search(code);
  };

  dialog?.addEventListener("click", (event) => event.target.value && dialog.close(event.target.value));
  box?.form.addEventListener("submit", (event) => {
    const code = box.value;
    if (!forms().some((form) => form.dataset.preview || isUnsaved(form))) return;
    event.preventDefault();
    box.value = "";
    route(code);
  });

  document.addEventListener("scanned", (event) => route(event.detail));
})();
