// Ctrl+K opens the page "Go to" as a dialog over any other, with what one can do on that page: a combobox.
(() => {
  const COMBOBOX = {
    role: "combobox",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": "palette-options",
  };
  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  const dialog = document.getElementById("palette");
  const link = document.querySelector("[data-palette]");
  let asked; // the text that was asked for
  let listed; // the text that the list is for
  let isEnterWaiting; // for the list of what was asked for

  const box = () => dialog.querySelector("input");
  const options = () => [...dialog.querySelectorAll("[role=option]")];
  const chosen = () => dialog.querySelector("[aria-selected=true]");

  async function open() {
    if (dialog.open) return;
    await htmx.ajax("GET", link.href, { target: dialog, select: "#go-to > *", swap: "innerHTML" });
    if (dialog.open || !box()) return;
    for (const [name, value] of Object.entries(COMBOBOX)) box().setAttribute(name, value);
    dialog.showModal();
    box().focus();
    asked = "";
    isEnterWaiting = false;
    list();
  }

  function labelOf(element) {
    const words = (element.labels?.[0] ?? element).cloneNode(true);
    for (const key of words.querySelectorAll("kbd")) key.remove();
    return (element.ariaLabel || words.textContent).replace(/\s+/g, " ").trim();
  }

  function deedsFor(words) {
    const fits = (label) => label && words.every((word) => label.toLowerCase().includes(word));
    const here = [...document.querySelectorAll(":is(main, .menu-box) [data-key]:not(:disabled)")];
    return here.filter((element) => fits(labelOf(element))).map(itemFor);
  }

  function itemFor(element) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button" });
    const label = Object.assign(document.createElement("span"), { textContent: labelOf(element) });
    const place = `on this page, ${element.dataset.key}`;
    button.append(label, Object.assign(document.createElement("small"), { textContent: place }));
    button.addEventListener("click", () => {
      dialog.close();
      portal.press(element);
    });
    item.append(button);
    return item;
  }

  // Links become options, with what one can do here before them, or behind as long as nothing is typed.
  function list() {
    const all = dialog.querySelector(".palette-options");
    const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    all[words.length ? "prepend" : "append"](...deedsFor(words));
    Object.assign(all, { id: "palette-options", role: "listbox" });
    for (const [place, item] of [...all.children].entries()) {
      item.role = "presentation";
      Object.assign(item.firstElementChild, { role: "option", id: `palette-${place}`, tabIndex: -1 });
    }
    listed = asked;
    choose(options()[0]);
    if (isEnterWaiting) chosen()?.click();
  }

  function choose(option) {
    for (const other of options()) other.ariaSelected = String(other === option);
    box().setAttribute("aria-activedescendant", option?.id ?? "");
    option?.scrollIntoView({ block: "nearest" });
  }

  // Before the keys of the page, which are still while the dialog is open.
  function pressKey(event) {
    const { key } = event;
    const isOpening = (event.ctrlKey || event.metaKey) && key.toLowerCase() === "k";
    if (isOpening) open();
    else if (!dialog.open || event.isComposing) return;
    if (dialog.open) event.stopPropagation();
    const all = options();
    const step = STEPS[key];
    if (step && all.length) choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
    else if (key === "Enter" && box().value === listed) chosen()?.click();
    else if (key === "Enter") isEnterWaiting = true;
    else if (key === "Escape") dialog.close();
    else if (!isOpening) return;
    event.preventDefault();
  }

  document.addEventListener("keydown", pressKey, true);
  dialog.addEventListener("htmx:beforeRequest", () => (asked = box()?.value ?? ""));
  dialog.addEventListener("htmx:afterSwap", () => dialog.open && list());
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
})();
