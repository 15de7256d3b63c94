// A picture opens on its page, and arrow keys go through all pictures there. Without script it opens in a tab.
(() => {
  const pictures = () => [...document.querySelectorAll("a.picture")];
  let shown; // the link of the picture that is open

  function button(name, sign, step) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: sign, ariaLabel: name });
    made.addEventListener("click", () => (step ? go(step) : dialog.close()));
    return made;
  }

  const dialog = Object.assign(document.createElement("dialog"), { className: "lightbox", ariaLabel: "Picture" });
  const image = document.createElement("img");
  const caption = document.createElement("p");
  dialog.append(
    button("Previous picture", "←", -1), image, button("Next picture", "→", 1), caption, button("Close", "✕", 0),
  );
  document.body.append(dialog);

  function show(link) {
    shown = link;
    const all = pictures();
    const name = link.querySelector("img").alt;
    Object.assign(image, { src: link.href, alt: name });
    caption.textContent = `${name} · ${all.indexOf(link) + 1} of ${all.length}`;
    if (!dialog.open) dialog.showModal();
  }

  function go(step) {
    const all = pictures();
    show(all[(all.indexOf(shown) + step + all.length) % all.length]);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.picture");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(link);
  });
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) go(step);
    if (event.key !== "Tab" && event.key !== "Enter" && event.key !== "Escape") event.stopPropagation();
  });
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
  dialog.addEventListener("close", () => shown?.focus());
})();
