// A table that is wider than its frame runs sideways in it: the frame then takes the focus, so that the arrow keys move it,
// and says what it holds.
(() => {
  "use strict";
  const name = (frame) => {
    const heads = [...document.querySelectorAll("h1, h2, h3, figcaption")];
    const before = heads.filter((each) => each.compareDocumentPosition(frame) & Node.DOCUMENT_POSITION_FOLLOWING);
    return (frame.querySelector("caption") || before.pop())?.textContent.trim().replace(/\s+/g, " ") || "Table";
  };

  const settle = (frame) => {
    if (frame.scrollWidth > frame.clientWidth) {
      frame.tabIndex = 0;
      frame.setAttribute("role", "group");
      frame.setAttribute("aria-label", name(frame));
    } else {
      ["tabindex", "role", "aria-label"].forEach((each) => frame.removeAttribute(each));
    }
  };

  const watch = new ResizeObserver((seen) => seen.forEach((each) => settle(each.target)));
  document.querySelectorAll(".table-frame, .prose pre").forEach((each) => watch.observe(each));
})();
