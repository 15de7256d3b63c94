// A detail is saved when it is chosen, without its button; and one box chooses all boxes of a name.
(() => {
  let isByKey = false;

  function save(menu) {
    delete menu.dataset.waits;
    htmx.trigger(menu.form, "portal:chosen");
  }

  // With the pointer it is saved at once; with arrow keys, when one leaves it or presses Enter, for what one passes on
  // the way is no decision.
  document.addEventListener("pointerdown", () => (isByKey = false));
  document.addEventListener("keydown", ({ key, target }) => {
    isByKey = true;
    if (key === "Enter" && "waits" in target.dataset) save(target);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".choice select")) return;
    if (isByKey) target.dataset.waits = "";
    else save(target);
  });
  document.addEventListener("focusout", ({ target }) => "waits" in target.dataset && save(target));

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-all]")) return;
    for (const box of document.getElementsByName(target.dataset.all)) box.checked = target.checked;
  });
})();
