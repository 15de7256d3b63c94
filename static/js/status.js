// The public pages are the same for everybody: this puts in what is the visitor's own, the theme and how long ago.
(() => {
  const OLD = 90_000; // milliseconds after which a page that cannot be loaded again says so
  const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (theme) document.documentElement.dataset.theme = theme;

  let looked = Date.now();

  function age(seconds) {
    for (const [limit, unit, name] of [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [30 * 86400, 86400, "d"]])
      if (seconds < limit) return `${Math.max(0, Math.floor(seconds / unit))} ${name} ago`;
  }

  function agesPass() {
    for (const time of document.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      time.title ||= at.toLocaleString([], { dateStyle: "full", timeStyle: "short" });
      const today = at.toDateString() === new Date().toDateString();
      const exact = () => at.toLocaleString([], { dateStyle: today ? undefined : "medium", timeStyle: "short" });
      const text = "exact" in time.dataset ? exact() : age((Date.now() - at) / 1000);
      if (text && time.textContent !== text) time.textContent = text;
    }
    const seconds = (Date.now() - looked) / 1000;
    const note = document.querySelector("[data-old]");
    if (note) note.textContent = seconds * 1000 > OLD ? `This page cannot be loaded at the moment. It is as of ${age(seconds)}.` : "";
  }

  document.addEventListener("DOMContentLoaded", agesPass);
  document.addEventListener("htmx:afterSwap", agesPass);
  document.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful && ((looked = Date.now()), agesPass()));
  setInterval(agesPass, 15_000);
})();
