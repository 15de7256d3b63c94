// What was sent counts down until it leaves. It leaves by itself, whether or not a page is open.
(() => {
  const ends = new WeakMap(); // what counts down -> when it ends, by the clock of this page, whatever the device's says

  function countDown() {
    for (const part of document.querySelectorAll("[data-leaves]")) {
      if (!ends.has(part)) ends.set(part, performance.now() + part.dataset.leaves * 1000);
      const seconds = Math.ceil((ends.get(part) - performance.now()) / 1000);
      const text = seconds > 0 ? `in ${seconds} s` : "now";
      if (part.textContent !== text) part.textContent = text;
    }
  }

  setInterval(countDown, 500);

  // What is taken back goes above what is typed, which comes along. A draft of that which is still on its way would be
  // taken for another tab's.
  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    if (!target.matches(".leaving")) return;
    for (const saver of document.querySelectorAll("[data-saver].htmx-request")) {
      saver.closest("[data-keeping]").dataset.unkept = "";
      htmx.trigger(saver, "htmx:abort");
    }
  });
})();
