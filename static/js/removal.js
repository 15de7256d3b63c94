// What is selected in a message when its "Remove…" is followed is what its page offers to remove.
document.addEventListener("click", ({ target }) => {
  const link = target.closest?.("a[data-passage]");
  if (!link) return;
  const selection = getSelection();
  const passage = selection.toString().trim();
  const isWithin = passage && link.closest(".event").contains(selection.anchorNode);
  const url = new URL(link.href);
  if (isWithin) url.searchParams.set("passage", passage.slice(0, 1500));
  else url.searchParams.delete("passage");
  link.href = url;
});
