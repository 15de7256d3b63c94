// Ctrl+K opens the page "Go to" as a dialog over any other, with what one can do on that page: a combobox.
(() => {
  const dialog = document.getElementById("palette");
  const link = document.querySelector("[data-palette]");
  const box = () => dialog.querySelector("input");
  const options = () => [...dialog.querySelectorAll("[role=option]")];
  const chosen = () => dialog.querySelector("[aria-selected=true]");
  let asked, listed, going; // the text that was asked for and that the list is for; whether Enter waits for it

  async function open() {
    if (dialog.open) return;
    await htmx.ajax("GET", link.href, { target: dialog, select: "#go-to > *", swap: "innerHTML" });
    if (dialog.open || !box()) return;
    const roles = { role: "combobox", "aria-expanded": "true", "aria-autocomplete": "list", "aria-controls": "palette-options" };
    for (const [name, value] of Object.entries(roles)) box().setAttribute(name, value);
    dialog.showModal();
    box().focus();
    [asked, going] = ["", false];
    list();
  }

  function label(element) {
    const words = (element.labels?.[0] ?? element).cloneNode(true);
    for (const key of words.querySelectorAll("kbd")) key.remove();
    return (element.ariaLabel || words.textContent).replace(/\s+/g, " ").trim();
  }

  function deed(element) {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    for (const [name, text] of [["span", label(element)], ["small", `on this page, ${element.dataset.key}`]])
      button.append(Object.assign(document.createElement(name), { textContent: text }));
    button.addEventListener("click", () => (dialog.close(), caseline.press(element)));
    item.append(button);
    return item;
  }

  // Links become options, with what one can do here before them, or behind as long as nothing is typed.
  function list() {
    const all = dialog.querySelector(".palette-options"), words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    const here = [...document.querySelectorAll(":is(main, .menu-box) [data-key]:not(:disabled)")];
    const fitting = here.filter((element) => label(element) && words.every((word) => label(element).toLowerCase().includes(word)));
    all[words.length ? "prepend" : "append"](...fitting.map(deed));
    Object.assign(all, { id: "palette-options", role: "listbox" });
    for (const [place, item] of [...all.children].entries()) {
      item.role = "presentation";
      Object.assign(item.firstElementChild, { role: "option", id: `palette-${place}`, tabIndex: -1 });
    }
    listed = asked;
    choose(options()[0]);
    if (going) chosen()?.click();
  }

  function choose(option) {
    for (const one of options()) one.ariaSelected = String(one === option);
    box().setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  dialog.addEventListener("htmx:beforeRequest", () => (asked = box()?.value ?? ""));
  dialog.addEventListener("htmx:afterSwap", () => dialog.open && list());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  link.addEventListener("click", (event) => (event.preventDefault(), open()));
  // Before the keys of the page, which are still while the dialog is open.
  document.addEventListener("keydown", (event) => {
    const wanted = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (wanted) open();
    else if (!dialog.open || event.isComposing) return;
    const all = options(), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (dialog.open) event.stopPropagation();
    if (step && all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    else if (event.key === "Enter" && box().value === listed) chosen()?.click();
    else if (event.key === "Enter") going = true;
    else if (event.key === "Escape") dialog.close();
    else if (!wanted) return;
    event.preventDefault();
  }, true);
})();
