// While one writes, the server says what that promises and asks for. What one does there meanwhile is not taken away.
(() => {
  const late = new Set(); // where an answer came while one was in there
  const look = (found, event) => htmx.trigger(found.closest("[data-part]").querySelector("[data-look]"), event);

  document.addEventListener("input", ({ target }) => {
    const found = target.closest("[data-found]");
    if (found) look(found, "htmx:abort");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    if (!target.matches("[data-found]") || !target.contains(document.activeElement)) return;
    event.detail.shouldSwap = false;
    late.add(target.id);
  });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    for (const id of late) {
      const found = document.getElementById(id);
      if (found?.closest("[data-part]").contains(relatedTarget)) continue;
      late.delete(id);
      if (found) look(found, "caseline:look");
    }
  });
})();
