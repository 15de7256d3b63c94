// The live page: a stream that only says "something changed", a fetch that says what, and an indicator that is honest
// about both. See docs/decisions/live-view.md.
(() => {
  const SILENCE = 25_000; // the server speaks every 10 s; longer means that nobody is there
  const POLL = 20_000; // without a stream
  const TURNED_AWAY = 60_000; // after which it asks again, when there are too many streams
  const [SHORTEST_PAUSE, LONGEST_PAUSE] = [500, 30_000]; // before it connects again

  let source, silence, retry; // the stream, and the timers of its silence and of the next try
  let pause = SHORTEST_PAUSE;
  let live = false;
  let full = false; // there are too many streams
  let signedOut = false;
  let syncedAt = Date.now();

  const root = () => document.querySelector("[data-live]");
  // Such as the bell: each hears its own event. Of all hidden pages one goes on, for the bell alone: see notices.js.
  const ears = () => [...document.querySelectorAll(document.hidden ? "[data-hears=notices]" : "[data-hears]")];
  const rests = () => document.hidden && !portal.leads;
  const catchUp = () => root() && !signedOut && !document.hidden && htmx.trigger(root(), "portal:changed");
  const tell = (ear) => signedOut || htmx.trigger(ear, `portal:${ear.dataset.hears}`);

  // One stream carries all that the page hears.
  function address() {
    const url = new URL((!document.hidden && root()?.dataset.live) || "/live/", location.href);
    for (const ear of ears()) url.searchParams.append("on", ear.dataset.hears);
    return url;
  }

  function connect() {
    clearTimeout(retry);
    if (source || rests() || signedOut || !(root() || ears().length)) return;
    source = new EventSource(address());
    const names = ["ready", "changed", "beat", ...ears().map((ear) => ear.dataset.hears)];
    for (const name of names) source.addEventListener(name, heard);
    source.addEventListener("full", turnedAway);
    source.onerror = lost;
    listenFor(SILENCE);
  }

  function listenFor(time) {
    clearTimeout(silence);
    silence = setTimeout(lost, time);
  }

  function heard({ type }) {
    live = true;
    full = false;
    pause = SHORTEST_PAUSE;
    if (!document.hidden) syncedAt = Date.now();
    listenFor(SILENCE);
    if (type === "ready" || type === "changed") catchUp();
    for (const ear of ears()) if (type === "ready" || type === ear.dataset.hears) tell(ear);
    showState();
  }

  function disconnect() {
    clearTimeout(silence);
    source?.close();
    source = undefined;
    live = false;
  }

  function connectIn(time) {
    clearTimeout(retry);
    retry = setTimeout(connect, time * (0.5 + Math.random()));
  }

  function lost() {
    disconnect();
    connectIn(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }

  // There are too many streams, of this viewer or of all: the page polls, and says so.
  function turnedAway() {
    disconnect();
    if (!full) catchUp();
    full = true;
    connectIn(TURNED_AWAY);
    showState();
  }

  function stateAfter(seconds) {
    if (signedOut) return "out";
    if (live) return "live";
    if (full && seconds < (2 * POLL) / 1000) return "polls";
    return seconds < 3 ? "off" : "stale";
  }

  function textOf(state, seconds) {
    const old = portal.age(seconds);
    return {
      out: "Signed out",
      live: "Live",
      off: "Connecting",
      polls: `Checks every ${POLL / 1000} s`,
      stale: innerWidth < 640 ? `${old} old` : `Reconnecting, last updated ${old} ago`,
    }[state];
  }

  function showState() {
    const box = document.getElementById("indicator");
    if (!box) return;
    const seconds = Math.round((Date.now() - syncedAt) / 1000);
    const state = stateAfter(seconds);
    const label = box.querySelector("[data-text]");
    const text = textOf(state, seconds);
    if (label.textContent !== text) label.textContent = text;
    if (box.dataset.state !== state) sayState(box, state);
  }

  // Only a change of state is said aloud, not every second of it.
  function sayState(box, state) {
    const said = box.querySelector("[data-said]");
    const polls = `Too many pages are open for live updates. This one checks every ${POLL / 1000} seconds.`;
    if (state === "stale") said.textContent = "Connection lost.";
    else if (state === "polls") said.textContent = polls;
    else if (["stale", "polls"].includes(box.dataset.state)) said.textContent = "Live again.";
    box.dataset.state = state;
  }

  function connectAnew() {
    disconnect();
    full = false;
    connect();
  }

  document.addEventListener("visibilitychange", connectAnew);
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  addEventListener("online", connect);
  addEventListener("offline", lost);
  setInterval(showState, 1000);
  setInterval(() => {
    if (live || rests()) return;
    catchUp();
    ears().forEach(tell);
  }, POLL);

  // Nobody says that somebody has stopped writing, so what passes by itself is asked for again.
  const tellPassing = () => ears().filter((ear) => ear.querySelector("[data-passes]")).forEach(tell);
  setInterval(() => live && tellPassing(), 30_000);

  document.addEventListener("htmx:afterRequest", ({ detail: { elt, successful } }) => {
    if (!successful || !elt.matches("[data-live]")) return;
    syncedAt = Date.now();
    if (!source && !full) connect();
    showState();
  });
  document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
    if (xhr.status !== 401) return;
    signedOut = true;
    disconnect();
    showState();
  });

  // What changed while this part of the page was on its way was told to the part that it replaced.
  document.addEventListener("htmx:load", ({ detail: { elt } }) => {
    if (elt !== document.body && elt.querySelector?.("[data-live]")) catchUp();
  });

  Object.assign(portal, { catchUp, connect });
  // Not before htmx knows the page's elements: what the stream says first would reach nobody.
  document.addEventListener("DOMContentLoaded", connect);
})();
