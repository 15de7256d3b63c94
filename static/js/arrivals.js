// An answer that appears while one writes is pointed out beside the button that sends. Whoever sends within seconds of
// it is asked once: the server hears of the cursor before that answer, as if the page did not show it yet.
(() => {
  const ANSWERS = "#timeline > :is(.kind-reply, .kind-resolved):not([data-mine])";
  const TO_READ = 5000; // milliseconds
  const begun = {}; // block of the composer -> the last answer that was there at its first keystroke
  let shown = 0; // answers on the page
  let latest; // of those that came since: when it came, and the cursor before it

  const answers = () => [...document.querySelectorAll(ANSWERS)];
  const blockOf = (element) => element.closest(".compose")?.dataset.block;
  const isFresh = () => latest && performance.now() - latest.at < TO_READ;

  document.addEventListener("DOMContentLoaded", () => (shown = answers().length));
  document.addEventListener("input", ({ target }) => {
    const block = target.matches("textarea") && blockOf(target);
    if (block) begun[block] ??= answers().at(-1)?.id ?? "";
  });

  document.addEventListener("htmx:oobAfterSwap", ({ detail: { target } }) => {
    if (target.id === "timeline") noteNew();
    for (const box of document.querySelectorAll("[data-arrived]")) pointOut(box);
  });

  function noteNew() {
    const now = answers().length;
    if (now > shown)
      latest = { at: performance.now(), cursor: isFresh() ? latest.cursor : document.getElementById("cursor").value };
    shown = now;
  }

  function cameSinceBegun(block) {
    const last = begun[block];
    const all = answers();
    return last === undefined ? [] : all.slice(all.findIndex(({ id }) => id === last) + 1);
  }

  function pointOut(box) {
    const came = cameSinceBegun(blockOf(box));
    if (box.dataset.arrived === String(came.length)) return;
    box.dataset.arrived = came.length;
    box.replaceChildren();
    if (!came.length) return;
    const link = Object.assign(document.createElement("a"), { href: `#${came[0].id}`, textContent: "Show" });
    const count = came.length === 1 ? "1 new message" : `${came.length} new messages`;
    box.append(`${count} since you started writing · `, link);
  }

  document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
    if (!elt.matches(".compose form") || !isFresh() || !cameSinceBegun(blockOf(elt)).length) return;
    parameters.after = Math.min(parameters.after, latest.cursor);
  });
  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
    if (elt.matches(".compose form")) requestConfig.block = blockOf(elt);
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, xhr } }) => {
    if (requestConfig.block && xhr.status === 200) delete begun[requestConfig.block];
  });
})();
