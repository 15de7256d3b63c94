// The public pages are the same for everybody: this puts in what is the visitor's own, the theme and how long ago.
(() => {
  const OLD = 90_000; // milliseconds after which a page that cannot be loaded again says so
  const UNITS = [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [30 * 86400, 86400, "d"]]; // below, seconds, name
  let lookedAt = Date.now();

  const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (theme) document.documentElement.dataset.theme = theme;

  function age(seconds) {
    for (const [limit, length, name] of UNITS)
      if (seconds < limit) return `${Math.max(0, Math.floor(seconds / length))} ${name} ago`;
  }

  function exact(at) {
    const isToday = at.toDateString() === new Date().toDateString();
    return at.toLocaleString([], { dateStyle: isToday ? undefined : "medium", timeStyle: "short" });
  }

  function showTimes() {
    for (const time of document.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      time.title ||= at.toLocaleString([], { dateStyle: "full", timeStyle: "short" });
      const text = "exact" in time.dataset ? exact(at) : age((Date.now() - at) / 1000);
      if (text && time.textContent !== text) time.textContent = text;
    }
  }

  function sayIfOld() {
    const note = document.querySelector("[data-old]");
    const since = Date.now() - lookedAt;
    const words = `This page cannot be loaded at the moment. It is as of ${age(since / 1000)}.`;
    if (note) note.textContent = since > OLD ? words : "";
  }

  function show() {
    showTimes();
    sayIfOld();
  }

  document.addEventListener("DOMContentLoaded", show);
  document.addEventListener("htmx:afterSwap", show);
  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    lookedAt = Date.now();
    show();
  });
  setInterval(show, 15_000);
})();
