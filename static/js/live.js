// The live page: a stream that only says "something changed", a fetch that says what, and an
// indicator that is honest about both. See "Live" in docs/decisions.md.
(() => {
  const SILENCE = 25_000; // the server speaks every 10 s; longer means that nobody is there
  const POLL = 20_000; // without a stream
  let source, silence, retry, pause = 500, live = false, synced = Date.now();

  const root = () => document.querySelector("[data-live]");
  const indicator = () => document.getElementById("indicator");
  const catchUp = () => root() && htmx.trigger(root(), "caseline:changed");

  function show() {
    const box = indicator();
    if (!box) return;
    const seconds = Math.round((Date.now() - synced) / 1000);
    const state = live ? "live" : seconds < 3 ? box.dataset.state : "stale";
    const text = state === "live" ? "Live" : state === "stale" ? `Reconnecting, as of ${age(seconds)} ago` : "Connecting";
    box.dataset.state = state;
    const label = box.querySelector("[data-text]");
    if (label.textContent !== text) label.textContent = text;
  }

  function connect() {
    clearTimeout(retry);
    if (source || document.hidden || !root()) return;
    source = new EventSource(root().dataset.live);
    for (const name of ["ready", "changed", "beat"]) source.addEventListener(name, heard);
    source.onerror = lost;
    listenFor(SILENCE);
  }

  function listenFor(time) {
    clearTimeout(silence);
    silence = setTimeout(lost, time);
  }

  function heard(event) {
    live = true;
    pause = 500;
    synced = Date.now();
    listenFor(SILENCE);
    if (event.type !== "beat") catchUp();
    show();
  }

  function disconnect() {
    clearTimeout(silence);
    source?.close();
    source = undefined;
    live = false;
  }

  function lost() {
    disconnect();
    retry = setTimeout(connect, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 30_000);
  }

  function age(seconds) {
    for (const [limit, unit, name] of [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [2592000, 86400, "d"]])
      if (seconds < limit) return `${Math.max(0, Math.floor(seconds / unit))} ${name}`;
    return `${Math.floor(seconds / 2592000)} mo`;
  }

  function agesPass() {
    for (const time of document.querySelectorAll("time[data-words]")) {
      const text = time.dataset.words.replace("{}", age((Date.now() - new Date(time.dateTime)) / 1000));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  const typed = (box) => [...box.querySelectorAll("textarea")].some((area) => area.value !== area.defaultValue);

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  addEventListener("online", connect);
  addEventListener("offline", lost);
  setInterval(show, 1000);
  setInterval(agesPass, 15_000);
  setInterval(() => !live && !document.hidden && catchUp(), POLL);

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful) return;
    if (detail.elt.matches("[data-live]")) synced = Date.now();
    show();
  });

  // What arrives twice is shown once. A nudge swaps away neither text that is being typed nor a form
  // that is being sent: the answer to that form says itself what it may replace.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { fragment, target } = event.detail;
    for (const item of fragment.querySelectorAll("[data-once]")) if (document.getElementById(item.id)) item.remove();
    if (!target.matches("[data-keep]")) return;
    const answer = fragment.querySelector("[data-answer]")?.dataset.answer;
    const sending = answer === undefined && target.querySelector(".htmx-request");
    if (sending || (typed(target) && answer !== "fresh")) event.detail.shouldSwap = false;
  });

  // The server's "no" to what was typed must not look like silence.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, ({ detail }) => {
      if (detail.elt.matches("[data-live]")) return;
      const note = document.createElement("p");
      note.className = "notice error";
      note.textContent = detail.xhr.status === 403
        ? "You are signed out, or may not do this. Copy what you typed, reload the page and try again."
        : "That did not reach us. What you typed is still here: try again.";
      document.getElementById("messages").replaceChildren(note);
    });

  addEventListener("beforeunload", (event) => {
    if (!sending && [...document.querySelectorAll("form[data-guard]")].some(typed)) event.preventDefault();
  });
  let sending = false;
  addEventListener("submit", () => { sending = true; setTimeout(() => (sending = false), 3000); });

  // The server renders times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;
  connect();
})();
