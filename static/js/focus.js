// One goes on where one was: at the row that was opened last, at the end of a long case and of a text that is filled
// in, and after a reply at the reply. On a phone a case opens at its title.
(() => {
  // A long case on the desk opens at its end, where one writes.
  const isWide = matchMedia("(min-width: 52rem)").matches;
  const end = document.querySelector(".composers:not([data-calm])");
  const isArriving = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (end && isWide && isArriving && !location.hash) end.scrollIntoView({ block: "end" });

  // There its details are folded, until one opens them.
  let isFolded = !isWide;
  const fold = () => document.getElementById("panel")?.toggleAttribute("open", !isFolded);
  fold();
  document.addEventListener("toggle", ({ target }) => target.id === "panel" && (isFolded = !target.open), true);
  document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => target.id === "details" && fold());

  const place = `row ${location.pathname}`;
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-row] a[id]");
    if (row) sessionStorage[place] = row.id;
  });
  const last = document.getElementById(sessionStorage[place]);
  if (last && document.activeElement === document.body && !location.hash) {
    last.focus({ preventScroll: true });
    last.scrollIntoView({ block: "nearest" });
  }

  // What a macro or a draft filled in is gone on with at its end.
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("textarea[autofocus], textarea[data-typed='']")) return;
    target.removeAttribute("autofocus");
    target.dataset.typed = "on";
    target.setSelectionRange(target.value.length, target.value.length);
  });

  // Once a text was taken, the next key is one for the page and no part of a second text.
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt: form }, xhr } }) => {
    if (xhr.status !== 200 || !form.matches(".compose form")) return;
    const here = document.activeElement;
    if (here !== document.body && !form.elements[here.id]) return;
    here.blur();
    const newest = document.querySelector("#timeline > :last-child");
    if (newest) newest.tabIndex = -1;
    newest?.focus({ preventScroll: true });
  });
})();
