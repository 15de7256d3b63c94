// A / at the start of a line opens the macros, and what follows it narrows them. Enter puts the marked one in its
// place.
(() => {
  const WRITTEN = /(?:^|\n)\/([^\n/]{0,40})$/;
  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  let area; // in which it was typed, while the macros are open for it

  const menu = () => document.getElementById("macros");
  const items = () => [...menu().querySelectorAll("[data-item]")];
  const found = () => items().filter((item) => !item.hidden && item.querySelector("a, button"));
  const wanted = () => WRITTEN.exec(area.value.slice(0, area.selectionStart))?.[1];
  const marked = () => menu().querySelector("[data-marked]");

  function mark(item) {
    marked()?.removeAttribute("data-marked");
    item.dataset.marked = "";
    item.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (!area) return;
    area = undefined;
    if (!menu()) return;
    menu().open = false;
    marked()?.removeAttribute("data-marked");
    for (const item of items()) item.hidden = false;
  }

  function look(target) {
    if (!menu()) return;
    area = target;
    const words = wanted()?.trim().toLowerCase();
    if (words === undefined) return close();
    for (const item of items()) item.hidden = !item.textContent.toLowerCase().includes(words);
    if (!found().length) return close();
    menu().open = true;
    mark(found()[0]);
  }

  function apply() {
    const item = marked();
    const end = area.selectionStart;
    area.setRangeText("", end - wanted().length - 1, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    item.querySelector("a, button").click();
  }

  // Before the keys of the page, for which Escape means something else.
  function pressKey(event) {
    const { key, target } = event;
    if (!area || target !== area || event.isComposing || !marked()) return;
    const isEnter = key === "Enter" && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    const all = found();
    if (key in STEPS) mark(all[(all.indexOf(marked()) + STEPS[key] + all.length) % all.length]);
    else if (isEnter) apply();
    else if (key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  document.addEventListener("keydown", pressKey, true);
  document.addEventListener("input", ({ target, isTrusted }) => {
    if (isTrusted && target.matches("[data-formatted] textarea")) look(target);
  });
  document.addEventListener("click", close);
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target === area && !menu()?.contains(relatedTarget)) close();
  });
})();
