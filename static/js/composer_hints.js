// While one writes, the server says what that promises and asks for. What one does there meanwhile is not taken away.
(() => {
  const late = new Set(); // ids of hints whose next answer came while one was in them

  const partOf = (hints) => hints.closest("[data-part]");
  const trigger = (hints, event) => htmx.trigger(partOf(hints).querySelector("[data-look]"), event);

  document.addEventListener("input", ({ target }) => {
    const hints = target.closest("[data-found]");
    if (hints) trigger(hints, "htmx:abort");
  });
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const { target } = detail;
    if (!target.matches("[data-found]") || !target.contains(document.activeElement)) return;
    detail.shouldSwap = false;
    late.add(target.id);
  });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    for (const id of late) {
      const hints = document.getElementById(id);
      if (hints && partOf(hints).contains(relatedTarget)) continue;
      late.delete(id);
      if (hints) trigger(hints, "portal:look");
    }
  });
})();
