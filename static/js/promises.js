// While one writes, the server says what that promises. What one does there meanwhile is not taken away.
(() => {
  const part = () => document.getElementById("promised");
  let late = false; // an answer came while one was in there

  document.addEventListener("input", ({ target }) => {
    const box = target.closest("#promises");
    if (box) htmx.trigger(part().querySelector("[data-look]"), "htmx:abort");
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    if (target.id !== "promises" || !target.contains(document.activeElement)) return;
    event.detail.shouldSwap = false;
    late = true;
  });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    if (!late || !part() || part().contains(relatedTarget)) return;
    late = false;
    htmx.trigger(part().querySelector("[data-look]"), "caseline:look");
  });
})();
