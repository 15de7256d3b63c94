// While one writes, the server says what that asks for. What one does there meanwhile is not taken away.
(() => {
  const part = () => document.getElementById("asking");
  const look = (event) => htmx.trigger(part().querySelector("[data-look]"), event);
  let late = false; // an answer came while one was in there

  document.addEventListener("input", ({ target }) => target.closest("#asks") && look("htmx:abort"));
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target } = event.detail;
    if (target.id !== "asks" || !target.contains(document.activeElement)) return;
    event.detail.shouldSwap = false;
    late = true;
  });
  document.addEventListener("focusout", ({ relatedTarget }) => {
    if (!late || !part() || part().contains(relatedTarget)) return;
    late = false;
    look("caseline:look");
  });
})();
