// Keys for buttons and links that are there anyway (data-key), and j/k over rows. Off while typing.
(() => {
  const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row] a")];
    if (!rows.length) return;
    const here = rows.findIndex((row) => row === document.activeElement);
    rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)].focus();
  }

  function step(menu, by) {
    const items = [...menu.querySelectorAll("a, button, input[type=search]")].filter((item) => item.checkVisibility());
    items[(items.indexOf(document.activeElement) + by + items.length) % items.length].focus();
  }

  function press(element) {
    if (element.matches("input:not([type=checkbox])")) return element.focus();
    if (element.matches("summary")) {
      element.parentElement.open = true;
      return element.parentElement.querySelector("textarea, .menu-box :is(a, button, select, input:not([type=hidden]))")?.focus();
    }
    element.click();
  }
  window.caseline = { press };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const send = form?.querySelector("[data-send]");
      if (send) form.requestSubmit(send);
      return;
    }
    if (event.key === "Escape") {
      closeMenus();
      return typing(event.target) && event.target.blur();
    }
    const menu = event.target.closest(".menu-box");
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp") && !(typing(event.target) && event.target.type !== "search")) {
      event.preventDefault();
      return step(menu, event.key === "ArrowDown" ? 1 : -1);
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.body.dataset.keys === "off") return;
    if (event.key === "j" || event.key === "k") return move(event.key === "j" ? 1 : -1);
    if (event.key === "x") return document.activeElement.closest("[data-row]")?.querySelector("[type=checkbox]")?.click();
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (element) {
      event.preventDefault();
      press(element);
    }
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.menu")));

  // One box for all boxes of a name.
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) for (const box of document.getElementsByName(target.dataset.all)) box.checked = target.checked;
  });

  document.addEventListener("htmx:beforeRequest", ({ target }) => target.closest("details.menu")?.removeAttribute("open"));

  // A long menu is narrowed by typing.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".menu-box input[type=search]")) return;
    const wanted = target.value.trim().toLowerCase();
    for (const item of target.closest(".menu-box").querySelectorAll("[data-item]"))
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });

  // Once a text was taken, the next key is one for the page and no part of a second text.
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt: form }, xhr } }) => {
    const here = document.activeElement;
    if (xhr.status !== 200 || !form.matches(".compose form") || !(here === document.body || form.elements[here.id])) return;
    here.blur();
    const newest = document.querySelector("#timeline > :last-child");
    if (newest) newest.tabIndex = -1;
    newest?.focus({ preventScroll: true });
  });

  // What a macro or a draft filled in is gone on with at its end.
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("textarea[autofocus], textarea[data-typed='']")) return;
    target.removeAttribute("autofocus");
    target.dataset.typed = "on";
    target.setSelectionRange(target.value.length, target.value.length);
  });

  // A detail is saved when it is chosen with the pointer; with arrow keys, when one leaves it or presses Enter,
  // for what one passes on the way is no decision.
  let byKey = false;
  const save = (menu) => {
    delete menu.dataset.waits;
    htmx.trigger(menu.form, "caseline:chosen");
  };
  document.addEventListener("pointerdown", () => (byKey = false));
  document.addEventListener("keydown", ({ key, target }) => {
    byKey = true;
    if (key === "Enter" && "waits" in target.dataset) save(target);
  });
  document.addEventListener("change", ({ target }) => {
    if (!target.matches(".choice select")) return;
    if (byKey) target.dataset.waits = "";
    else save(target);
  });
  document.addEventListener("focusout", ({ target }) => "waits" in target.dataset && save(target));
})();
