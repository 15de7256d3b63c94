// Keys for buttons and links that are there anyway (data-key), and j/k over rows. Off while typing.
(() => {
  const typing = (element) => element.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");

  function move(step) {
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement.closest("[data-row]"));
    rows[here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1)].querySelector("a").focus();
  }

  function step(menu, by) {
    menu.open = true;
    const items = [...menu.querySelectorAll(".menu-box :is(a, button, input[type=search])")].filter((item) => item.checkVisibility());
    const here = items.indexOf(document.activeElement);
    items.at(here < 0 && by < 0 ? -1 : (here + by) % items.length)?.focus();
  }

  function press(element) {
    if (element.matches("input:not([type=checkbox]), select")) return element.focus();
    if (element.matches("summary")) {
      element.parentElement.open = true;
      element.parentElement.querySelector("textarea, .menu-box :is(a, button, select, input:not([type=hidden])), .memory-use")?.focus();
      return element.nextElementSibling.scrollIntoView({ block: "nearest" });
    }
    element.click();
  }
  window.caseline = { press };

  // While a page is being left its keys are still; what is typed for the search page meanwhile is handed on to it.
  let leaving, typed;
  let searched; // the box in which Enter was pressed last

  function stay() {
    clearTimeout(leaving);
    leaving = typed = undefined;
  }
  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const elsewhere = link?.host === location.host && link.href.split("#")[0] !== location.href.split("#")[0];
    if (!elsewhere || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    stay();
    leaving = setTimeout(stay, 3000);
    if (link.dataset.key === "/") typed = "";
  });

  function whileLeaving(event) {
    event.preventDefault();
    if (typed === undefined || typed.endsWith("\n")) return;
    typed = event.key === "Backspace" ? typed.slice(0, -1) : typed + (event.key === "Enter" ? "\n" : event.key);
  }
  addEventListener("pagehide", () => typed && (sessionStorage.typed = typed));
  addEventListener("pageshow", () => {
    stay();
    const { typed: words } = sessionStorage;
    const box = document.querySelector("input[data-key='/']");
    sessionStorage.removeItem("typed");
    if (!words || !box) return;
    box.value = words.replace("\n", "") + box.value;
    box.focus();
    if (!words.endsWith("\n")) return;
    searched = box;
    box.form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.altKey);
    if (leaving && plain && !typing(event.target) && (event.key.length === 1 || ["Enter", "Backspace"].includes(event.key))) return whileLeaving(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form");
      const send = form?.querySelector("[data-send]");
      if (send) form.requestSubmit(send);
      return;
    }
    if (event.key === "Escape") {
      stay();
      closeMenus();
      if (event.target.type === "search") event.preventDefault(); // which would empty it
      return typing(event.target) && event.target.blur();
    }
    searched = event.key === "Enter" ? event.target.closest("[role=search] input") : undefined;
    const menu = event.target.closest("details.menu > summary, .menu-box")?.closest("details");
    if (menu && (event.key === "ArrowDown" || event.key === "ArrowUp") && !(typing(event.target) && event.target.type !== "search")) {
      event.preventDefault();
      return step(menu, event.key === "ArrowDown" ? 1 : -1);
    }
    if (!plain || typing(event.target) || document.body.dataset.keys === "off") return;
    if (event.key !== "?" && document.querySelector("#keys:popover-open")) return;
    if (event.key === "j" || event.key === "k") return move(event.key === "j" ? 1 : -1);
    if (event.key === "x") return document.activeElement.closest("[data-row]")?.querySelector("[type=checkbox]")?.click();
    const element = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (element) {
      event.preventDefault();
      press(element);
    }
  });

  // A list is gone on with at the row that was opened last.
  const place = `row ${location.pathname}`;
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("[data-row] a[id]");
    if (row) sessionStorage[place] = row.id;
  });
  const last = document.getElementById(sessionStorage[place]);
  if (last && document.activeElement === document.body && !location.hash) {
    last.focus({ preventScroll: true });
    last.scrollIntoView({ block: "nearest" });
  }

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
  }
  document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.menu")));

  // One box for all boxes of a name.
  document.addEventListener("change", ({ target }) => {
    if (target.matches("[data-all]")) for (const box of document.getElementsByName(target.dataset.all)) box.checked = target.checked;
  });

  document.addEventListener("htmx:beforeRequest", ({ target }) => target.matches("[data-quiet]") || target.closest("details.menu")?.removeAttribute("open"));

  // A long menu is narrowed by typing.
  document.addEventListener("input", ({ target }) => {
    if (!target.matches(".menu-box input[type=search]")) return;
    const wanted = target.value.trim().toLowerCase();
    for (const item of target.closest(".menu-box").querySelectorAll("[data-item]"))
      item.hidden = !item.textContent.toLowerCase().includes(wanted);
  });

  // From a search one goes on to what it found, and from "3 new, show" to the first of them.
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt } } }) => {
    const here = document.activeElement;
    const found = elt === searched?.form && (here === searched || here === document.body);
    if (found || (elt.matches("[data-key='.']") && !typing(here))) document.querySelector("[data-row] a")?.focus();
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
