// A list that one sorts: by dragging a row, or by its buttons, which do the same without script by sending themselves.
(() => {
  let dragged;

  const rows = (list) => [...list.children];

  function moved(row) {
    const list = row.parentElement;
    const place = rows(list).indexOf(row) + 1;
    const said = document.getElementById("sorted");
    if (said) said.textContent = `${row.dataset.sorted}: ${place} of ${list.children.length}`;
    const form = list.dataset.sortable && document.getElementById(list.dataset.sortable);
    if (form) htmx.trigger(form, "portal:sorted");
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sortable] .sorting button");
    if (!button) return;
    event.preventDefault();
    const row = button.closest("[data-sorted]");
    const isUp = button.value.startsWith("up");
    const other = isUp ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (isUp) other.before(row);
    else other.after(row);
    button.focus();
    moved(row);
  });

  document.addEventListener("dragstart", ({ target, dataTransfer }) => {
    dragged = target.closest?.("[data-sortable] > [draggable]");
    if (!dragged) return;
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
    if (dragged) moved(dragged);
    dragged = undefined;
  });
})();
