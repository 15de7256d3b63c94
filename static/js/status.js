// The public pages are the same for everybody: this puts in what is the visitor's own, the theme and how long ago.
(() => {
  const OLD = 90_000; // milliseconds after which a page that cannot be loaded again says so
  const UNITS = [[3600, 60, "min"], [86400, 3600, "h"], [30 * 86400, 86400, "d"]]; // below, seconds, name
  let lookedAt = Date.now();

  const theme = document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1];
  if (theme) document.documentElement.dataset.theme = theme;

  function age(seconds) {
    if (seconds < 60) return "just now";
    for (const [limit, length, name] of UNITS)
      if (seconds < limit) return `${Math.floor(seconds / length)} ${name} ago`;
  }

  // As other pages write times, in the visitor's zone: "14:30", "23 Nov 2026, 14:30". Or "2:30 pm" for whoever
  // chose so, which those pages keep in a cookie.
  const format = (options) => new Intl.DateTimeFormat("en-GB", options);
  const CLOCK = /(?:^|; )clock=12/.test(document.cookie)
    ? format({ hour: "numeric", minute: "2-digit", hourCycle: "h12" })
    : format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const DAY = format({ day: "numeric" });
  const MONTH = format({ month: "short" });
  const WEEKDAY = format({ weekday: "short" });
  const ZONE = format({ timeZoneName: "short" });

  function clock(at) {
    return CLOCK.format(at).replace(/\s/g, " "); // without the narrow space that some browsers put in
  }

  function exact(at) {
    const isToday = at.toDateString() === new Date().toDateString();
    return isToday ? clock(at) : inFull(at);
  }

  function inFull(at) {
    const month = MONTH.format(at).slice(0, 3); // "Sept" is what British English says, and Python does not
    return `${DAY.format(at)} ${month} ${at.getFullYear()}, ${clock(at)}`;
  }

  function zoneOf(at) {
    return ZONE.formatToParts(at).find(({ type }) => type === "timeZoneName").value;
  }

  function showTimes() {
    for (const time of document.querySelectorAll("time")) {
      const at = new Date(time.dateTime);
      time.title ||= `${WEEKDAY.format(at)} ${inFull(at)} ${zoneOf(at)}`;
      const text = "exact" in time.dataset ? exact(at) : age((Date.now() - at) / 1000);
      if (text && time.textContent !== text) time.textContent = text;
    }
  }

  function sayIfOld() {
    const note = document.querySelector("[data-old]");
    const since = Date.now() - lookedAt;
    const words = `This page can’t be updated right now. It’s from ${age(since / 1000)}.`;
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
