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
})();
