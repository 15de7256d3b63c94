// A list that one sorts: by dragging a row, or by its buttons, which do the same without script by sending themselves.
(() => {
  let dragged, from; // a row, and where it stood

  const placeOf = (row) => [...row.parentElement.children].indexOf(row);

  // What a list says aloud, and what is kept at once where its rows have a form for it.
  function moved(row, step) {
    if (!step) return;
    const said = document.getElementById("sorted");
    if (said) said.textContent = `${row.dataset.sorted}: ${placeOf(row) + 1} of ${row.parentElement.children.length}`;
    const form = row.querySelector("form.sorting");
    if (form) htmx.ajax("POST", form.action, { source: form, values: { move: step }, swap: "none" });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sortable] .sorting [name=move]");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-sorted]");
    const isUp = button.value.startsWith("up");
    const other = isUp ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (isUp) other.before(row);
    else other.after(row);
    button.focus();
    moved(row, isUp ? -1 : 1);
  });

  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    dragged = target.closest?.("[data-sortable] > [draggable]");
    if (!dragged) return;
    from = placeOf(dragged);
    dataTransfer.effectAllowed = "move";
    dragged.classList.add("dragged");
  });
  document.addEventListener("dragover", (event) => {
    const row = event.target.closest?.("[data-sorted]");
    if (!dragged || row?.parentElement !== dragged.parentElement) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (event.clientY < top + height / 2) row.before(dragged);
    else row.after(dragged);
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("dragged");
    if (dragged) moved(dragged, placeOf(dragged) - from);
    dragged = undefined;
  });
})();
