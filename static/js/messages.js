// A message is closed by its button, and leaves with the next thing that somebody does. One that is no error leaves by
// itself too, once it has been there to be read for a while.
(() => {
  const READ = 20_000; // milliseconds of a page that is shown
  const box = () => document.getElementById("messages");
  const held = (note) => note.matches(":hover, :focus-within") || document.hidden;

  function leaveLater(note) {
    setTimeout(() => (held(note) ? leaveLater(note) : note.remove()), READ);
  }

  function closable(note) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "close";
    button.ariaLabel = "Close this message";
    button.textContent = "×";
    button.addEventListener("click", () => note.remove());
    note.append(button);
    if (!note.matches(".error, .warning")) leaveLater(note);
  }

  const closableAll = () => box()?.querySelectorAll(".notice:not(:has(> .close))").forEach(closable);

  document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
    if (requestConfig.verb !== "get" && !elt.matches("[data-quiet], [data-saver]")) box()?.replaceChildren();
  });
  document.addEventListener("htmx:oobAfterSwap", closableAll);
  document.addEventListener("DOMContentLoaded", closableAll);
  portal.closableMessages = closableAll;
})();
