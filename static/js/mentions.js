// While one types @ in an internal note: whom it may mean. Typing the whole name works as well.
(() => {
  const WRITTEN = /(?:^|[^\w@/.+-])@([\w.+-]*)$/u;
  const STEPS = { ArrowDown: 1, ArrowUp: -1 };
  let list; // of the agents it may mean, while it is open
  let asked = 0; // how often: only the last answer counts

  const areaOf = (element) => element.closest?.("[data-mentions]");
  const nameBefore = (area) => WRITTEN.exec(area.value.slice(0, area.selectionStart))?.[1];
  const options = () => [...(list?.children ?? [])];
  const chosen = () => options().find((option) => option.ariaSelected === "true");

  function open(area, html) {
    list = document.createElement("ul");
    const properties = { id: "mentionable", className: "mentionable", role: "listbox", ariaLabel: "Agents" };
    Object.assign(list, properties, { innerHTML: html });
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    choose(area, list.firstElementChild);
  }

  function close(area) {
    asked++;
    list?.remove();
    list = undefined;
    for (const name of ["aria-activedescendant", "aria-controls"]) area.removeAttribute(name);
  }

  function choose(area, option) {
    for (const other of options()) other.ariaSelected = String(other === option);
    area.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function insert(area, option) {
    const end = area.selectionStart;
    area.setRangeText(`@${option.dataset.handle} `, end - nameBefore(area).length - 1, end, "end");
    close(area);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  async function suggest(area) {
    const name = nameBefore(area);
    if (name === undefined) return list && close(area);
    const mine = ++asked;
    const number = location.pathname.match(/\/cases\/(\d+)/)?.[1] ?? "";
    const query = new URLSearchParams({ q: name, case: number });
    const answer = await fetch(`/desk/agents/?${query}`).catch(() => undefined);
    const html = answer?.ok ? await answer.text() : "";
    if (mine !== asked) return;
    close(area);
    if (html.trim()) open(area, html);
  }

  // Before the keys of the page, for which Escape means something else.
  function pressKey(event) {
    const { key, target: area } = event;
    if (!list || !areaOf(area) || event.isComposing) return;
    const all = options();
    const at = all.indexOf(chosen());
    const isEnter = key === "Enter" && !event.ctrlKey && !event.metaKey;
    const isTab = key === "Tab" && !event.shiftKey;
    if (key in STEPS) choose(area, all[(at + STEPS[key] + all.length) % all.length]);
    else if (isEnter || isTab) insert(area, all[at]);
    else if (key === "Escape") close(area);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  document.addEventListener("keydown", pressKey, true);
  document.addEventListener("input", ({ target, isTrusted }) => isTrusted && areaOf(target) && suggest(target));
  document.addEventListener("focusout", ({ target }) => areaOf(target) && list && close(target));
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest(".mentionable [role=option]");
    if (!option) return;
    event.preventDefault(); // the cursor stays in the text
    insert(list.previousElementSibling, option);
  });
})();
