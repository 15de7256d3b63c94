// A menu closes when one clicks elsewhere, presses Escape or has sent what is in it. Arrow keys go through it, and
// typing narrows a long one.
(() => {
  const ITEMS = ".menu-box :is(a, button, input[type=search])";
  const BOX = "input:not([type=radio], [type=checkbox], [type=search]), textarea, select"; // has its own arrows

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  }

  function step(menu, by) {
    menu.open = true;
    const items = [...menu.querySelectorAll(ITEMS)].filter((item) => item.checkVisibility());
    const here = items.indexOf(document.activeElement);
    items.at(here < 0 && by < 0 ? -1 : (here + by) % items.length)?.focus();
  }

  document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.menu")));
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (key === "Escape") closeMenus();
    const by = { ArrowDown: 1, ArrowUp: -1 }[key];
    const menu = by && target.closest("details.menu > summary, .menu-box")?.closest("details");
    if (!menu || target.matches(BOX)) return;
    event.preventDefault();
    step(menu, by);
  });
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (!target.matches("[data-quiet]")) target.closest("details.menu")?.removeAttribute("open");
  });
  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".menu-box input[type=search]")) return;
    const wanted = target.value.trim().toLowerCase();
    for (const item of target.closest(".menu-box").querySelectorAll("[data-item]"))
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });
})();
