// A text that is being typed stays where it is. What one can do with it, and beside it, is what the case allows now:
// around the text, blocks of the composer come, go and change.
(() => {
  const blocksOf = (box) => [...box.querySelectorAll("[data-block]")];
  const twinIn = (box, block) => box.querySelector(`[data-block="${block.dataset.block}"]`);
  const formOf = (block) => (block.matches("form") ? block : block.querySelector("form"));

  function renewBlocks(target, fragment, isWritten) {
    const stays = (block) => isWritten(block) || block.contains(document.activeElement);
    for (const block of blocksOf(target)) if (!twinIn(fragment, block) && !stays(block)) block.remove();
    let last;
    for (const next of blocksOf(fragment)) {
      const now = twinIn(target, next);
      if (!now && last) last.after(next);
      else if (!now) target.prepend(next);
      else if (stays(now)) renewActions(formOf(now), formOf(next));
      else replace(now, next);
      last = twinIn(target, next);
      if (last === next) htmx.process(next); // what stays may have something on its way
    }
  }

  function replace(now, next) {
    next.toggleAttribute("open", now.open);
    now.removeAttribute("name"); // an exclusive group would close the new one
    now.replaceWith(next);
  }

  // The form itself stays as it is, or htmx would forget what it is about to send.
  function renewActions(form, other) {
    const [now, next] = [form, other].map((one) => one?.querySelector(":scope > .actions"));
    if (!now || !next || now.isEqualNode(next) || form.querySelector(".crossed")) return;
    const place = [...now.querySelectorAll("button")].indexOf(document.activeElement);
    now.replaceWith(next);
    if (place >= 0) (next.querySelectorAll("button")[place] ?? next.querySelector("button")).focus();
  }

  // A form goes where the button with which it was sent says, and says what that one does. htmx knows it neither when
  // it was pressed by a key nor when another one stands in its place by now.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    const { submitter } = detail.triggeringEvent ?? {};
    if (!submitter) return;
    detail.path = submitter.getAttribute("formaction") ?? detail.elt.getAttribute(`hx-${detail.verb}`);
    if (submitter.name) detail.parameters[submitter.name] = submitter.value;
  });

  portal.renewBlocks = renewBlocks;
})();
