// While one types @ in an internal note: whom it may mean. Typing the whole name works as well.
(() => {
  const WRITTEN = /(?:^|[^\w@/.+-])@([\w.+-]*)$/u;
  let list, asked = 0;

  const start = (area) => WRITTEN.exec(area.value.slice(0, area.selectionStart))?.[1];
  const options = () => [...(list?.children ?? [])];
  const chosen = () => options().find((option) => option.ariaSelected === "true");

  function close(area) {
    asked++;
    list?.remove();
    list = undefined;
    for (const name of ["aria-activedescendant", "aria-controls"]) area.removeAttribute(name);
  }

  function choose(area, option) {
    for (const one of options()) one.ariaSelected = String(one === option);
    area.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function insert(area, option) {
    const end = area.selectionStart;
    area.setRangeText(`@${option.dataset.handle} `, end - start(area).length - 1, end, "end");
    close(area);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function suggest(area) {
    const name = start(area);
    if (name === undefined) return list && close(area);
    const mine = ++asked;
    const answer = await fetch(`/desk/agents/?q=${encodeURIComponent(name)}`).catch(() => undefined);
    const text = answer?.ok ? await answer.text() : "";
    if (mine !== asked) return;
    close(area);
    if (!text.trim()) return;
    list = document.createElement("ul");
    Object.assign(list, { id: "mentionable", className: "mentionable", role: "listbox", ariaLabel: "Agents", innerHTML: text });
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    choose(area, list.firstElementChild);
  }

  const area = (element) => element.closest?.("[data-mentions]");

  document.addEventListener("input", ({ target, isTrusted }) => isTrusted && area(target) && suggest(target));
  document.addEventListener("focusout", ({ target }) => area(target) && list && close(target));
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".mentionable [role=option]");
    if (!option) return;
    event.preventDefault(); // the cursor stays in the text
    insert(list.previousElementSibling, option);
  });
  // Before the keys of the page, for which Escape means something else.
  document.addEventListener("keydown", (event) => {
    if (!list || !area(event.target) || event.isComposing) return;
    const all = options(), at = all.indexOf(chosen());
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) choose(event.target, all[(at + steps[event.key] + all.length) % all.length]);
    else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) insert(event.target, all[at]);
    else if (event.key === "Tab" && !event.shiftKey) insert(event.target, all[at]);
    else if (event.key === "Escape") close(event.target);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
})();
