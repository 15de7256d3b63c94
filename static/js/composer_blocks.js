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
      htmx.process(last);
    }
  }

  function replace(now, next) {
    next.toggleAttribute("open", now.open);
    now.removeAttribute("name"); // an exclusive group would close the new one
    now.replaceWith(next);
  }

  function renewActions(form, other) {
    for (const name of ["action", "hx-post"])
      if (other?.hasAttribute(name)) form.setAttribute(name, other.getAttribute(name));
    const buttons = other?.querySelector(":scope > .actions");
    if (buttons) form.querySelector(":scope > .actions")?.replaceWith(buttons);
  }

  portal.renewBlocks = renewBlocks;
})();
