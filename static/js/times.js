// Times go on without the server: how long ago something was, and how long it is until something is due. The server
// hears the time zone. This is loaded first: `portal` holds the few functions that other scripts call.
(() => {
  const DAY = 86400; // seconds
  const MONTHS = [730 * DAY, 30.44 * DAY, "months"];
  const UNITS = [ // below, seconds, name
    [3600, 60, "min"], [DAY, 3600, "h"], [60 * DAY, DAY, "d"], MONTHS, [Infinity, 365.25 * DAY, "years"],
  ];
  const SOON = 4 * 3600; // seconds: from then on what is due stands out

  function age(seconds) {
    if (seconds < 60) return "less than a minute";
    for (const [limit, length, name] of UNITS) if (seconds < limit) return `${Math.floor(seconds / length)} ${name}`;
  }

  function since(words, seconds) {
    const isNow = seconds < 60 && words.includes("{} ago");
    return isNow ? words.replace("{} ago", "just now") : words.replace("{}", age(seconds));
  }

  function showAges() {
    for (const time of document.querySelectorAll("time[data-words]")) {
      const text = since(time.dataset.words, (Date.now() - new Date(time.dateTime)) / 1000);
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // What was due turns red, and what is to come counts down, without a word from the server.
  function showDue() {
    for (const box of document.querySelectorAll("[data-due]")) {
      const seconds = (new Date(box.querySelector("time").dateTime) - Date.now()) / 1000;
      const left = box.querySelector("[data-left]");
      if (left) left.textContent = ahead(seconds);
      if (seconds <= 0) turnOverdue(box);
      else if (seconds < SOON) box.classList.add("needs");
    }
  }

  function turnOverdue(box) {
    box.removeAttribute("data-due");
    box.classList.remove("needs");
    box.classList.add("overdue");
    for (const part of box.querySelectorAll("[data-late], [data-early]")) part.hidden = "early" in part.dataset;
  }

  function ahead(seconds) {
    const minutes = Math.floor(seconds / 60);
    const hours = Math.floor(minutes / 60);
    const days = Math.floor(minutes / 1440);
    if (minutes < 1) return "in less than a minute";
    if (days) return `in ${days} d${hours % 24 ? ` ${hours % 24} h` : ""}`;
    return `in${hours ? ` ${hours} h` : ""}${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  }

  setInterval(showAges, 15_000);
  setInterval(showDue, 1000);

  // The server renders times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;

  // And what everybody shares, as the status page, is shown with this clock.
  document.cookie = `clock=${document.documentElement.dataset.clock}; path=/; max-age=31536000; samesite=lax`;

  window.portal = { age };
})();
