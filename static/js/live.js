// The live page: a stream that only says "something changed", a fetch that says what, and an
// indicator that is honest about both. See "Live" in docs/decisions/README.md.
(() => {
  const SILENCE = 25_000; // the server speaks every 10 s; longer means that nobody is there
  const POLL = 20_000; // without a stream
  const TURNED_AWAY = 60_000; // after which it asks again, when there are too many streams
  let source, silence, retry, pause = 500, live = false, full = false, signedOut = false, synced = Date.now();

  const root = () => document.querySelector("[data-live]");
  const ears = () => [...document.querySelectorAll("[data-hears]")]; // such as the bell: each hears its own event
  const catchUp = () => root() && !signedOut && htmx.trigger(root(), "caseline:changed");
  const tell = (ear) => signedOut || htmx.trigger(ear, `caseline:${ear.dataset.hears}`);

  // One stream carries all that the page hears.
  function address() {
    const url = new URL(root()?.dataset.live ?? "/live/", location.href);
    for (const ear of ears()) url.searchParams.append("on", ear.dataset.hears);
    return url;
  }

  function show() {
    const box = document.getElementById("indicator");
    if (!box) return;
    const seconds = Math.round((Date.now() - synced) / 1000);
    const state = signedOut ? "out" : live ? "live" : full && seconds < 2 * POLL / 1000 ? "polls" : seconds < 3 ? "off" : "stale";
    const old = innerWidth < 640 ? `${age(seconds)} old` : `Reconnecting, as of ${age(seconds)} ago`;
    const text = { out: "Signed out", live: "Live", off: "Connecting", polls: `Looks every ${POLL / 1000} s`, stale: old }[state];
    const [label, said] = [box.querySelector("[data-text]"), box.querySelector("[data-said]")];
    if (label.textContent !== text) label.textContent = text;
    if (box.dataset.state === state) return;
    // Only a change of state is said aloud, not every second of it.
    if (state === "stale") said.textContent = "The connection is lost.";
    else if (state === "polls") said.textContent = `Too many pages are open to be live. This one looks every ${POLL / 1000} seconds for what is new.`;
    else if (["stale", "polls"].includes(box.dataset.state)) said.textContent = "Live again.";
    box.dataset.state = state;
  }

  function connect() {
    clearTimeout(retry);
    if (source || document.hidden || signedOut || !(root() || ears().length)) return;
    source = new EventSource(address());
    for (const name of ["ready", "changed", "beat", ...ears().map((ear) => ear.dataset.hears)]) source.addEventListener(name, heard);
    source.addEventListener("full", turnedAway);
    source.onerror = lost;
    listenFor(SILENCE);
  }

  function listenFor(time) {
    clearTimeout(silence);
    silence = setTimeout(lost, time);
  }

  function heard(event) {
    live = true;
    full = false;
    pause = 500;
    synced = Date.now();
    listenFor(SILENCE);
    if (event.type === "ready" || event.type === "changed") catchUp();
    for (const ear of ears()) if (event.type === "ready" || event.type === ear.dataset.hears) tell(ear);
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
    clearTimeout(retry);
    retry = setTimeout(connect, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, 30_000);
  }

  // There are too many streams, of this viewer or of all: the page polls, and says so.
  function turnedAway() {
    disconnect();
    if (!full) catchUp();
    full = true;
    clearTimeout(retry);
    retry = setTimeout(connect, TURNED_AWAY * (0.5 + Math.random()));
    show();
  }

  function age(seconds) {
    for (const [limit, unit, name] of [[60, 1, "s"], [3600, 60, "min"], [86400, 3600, "h"], [Infinity, 86400, "d"]])
      if (seconds < limit) return `${Math.max(0, Math.floor(seconds / unit))} ${name}`;
  }

  function agesPass() {
    for (const time of document.querySelectorAll("time[data-words]")) {
      const text = time.dataset.words.replace("{}", age((Date.now() - new Date(time.dateTime)) / 1000));
      if (time.textContent !== text) time.textContent = text;
    }
  }

  // What was due turns red, and what is to come counts down, without a word from the server.
  function duesPass() {
    for (const box of document.querySelectorAll("[data-due]")) {
      const seconds = (new Date(box.querySelector("time").dateTime) - Date.now()) / 1000;
      const left = box.querySelector("[data-left]");
      if (left) left.textContent = ahead(seconds);
      if (seconds > 0) continue;
      box.removeAttribute("data-due");
      box.classList.replace("needs", "overdue");
      for (const part of box.querySelectorAll("[data-late], [data-early]")) part.hidden = "early" in part.dataset;
    }
  }

  function ahead(seconds) {
    const minutes = Math.floor(seconds / 60), [hours, days] = [Math.floor(minutes / 60), Math.floor(minutes / 1440)];
    if (minutes < 1) return "in less than a minute";
    if (days) return `in ${days} d${hours % 24 ? ` ${hours % 24} h` : ""}`;
    return `in${hours ? ` ${hours} h` : ""}${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  }

  // What a macro filled in counts as typed.
  const untouched = (area) => area.defaultValue ?? area.querySelector("[selected]")?.value ?? area.options[0]?.value;
  const isTyped = (area) => area.value !== ("typed" in area.dataset ? "" : untouched(area));
  const typed = (box, what = "textarea") => [...box.querySelectorAll(what)].some(isTyped) || !!box.querySelector(".files li");
  const WRITTEN = "textarea[id], input[id]:is([type=text], [type=datetime-local]), [data-guard] select[id]";
  let behind; // the version of what a nudge could not replace, since it was being sent

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  addEventListener("pagehide", disconnect);
  addEventListener("pageshow", connect);
  addEventListener("online", connect);
  addEventListener("offline", lost);
  setInterval(show, 1000);
  setInterval(agesPass, 15_000);
  setInterval(duesPass, 1000);
  setInterval(() => {
    if (live || document.hidden) return;
    catchUp();
    ears().forEach(tell);
  }, POLL);

  // Nobody says that somebody has stopped writing, so what passes by itself is asked for again.
  setInterval(() => live && ears().filter((ear) => ear.querySelector("[data-passes]")).forEach(tell), 30_000);

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (!detail.successful || detail.elt.matches("[data-hears], [data-saver]")) return;
    const caughtUp = detail.elt.matches("[data-live]");
    if (caughtUp || (detail.requestConfig.verb !== "get" && !detail.elt.matches("[data-quiet]"))) document.querySelector("#messages [data-unsent]")?.remove();
    if (!caughtUp) return lookBack();
    synced = Date.now();
    if (!source && !full) connect();
    show();
  });

  function lookBack() {
    const cursor = document.getElementById("cursor");
    if (behind === undefined || !cursor) return;
    cursor.value = Math.min(cursor.value, behind);
    behind = undefined;
    catchUp();
  }

  // What changed while this part of the page was on its way was told to the part that it replaced.
  document.addEventListener("htmx:load", ({ detail: { elt } }) => elt !== document.body && elt.querySelector?.("[data-live]") && catchUp());

  // What arrives twice is shown once, and what arrives late replaces nothing newer. A nudge swaps away neither text that is being typed nor a form
  // that is being sent; the answer to a form says itself what it may replace, and takes other drafts along.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { fragment, target } = event.detail;
    for (const item of fragment.querySelectorAll("[data-once]")) if (document.getElementById(item.id)) item.remove();
    const version = fragment.querySelector("[data-version]")?.dataset.version;
    if (Number(version) < Number(target.dataset.version)) return (event.detail.shouldSwap = false);
    if (target.matches("[data-row]") && target.firstElementChild.checked) fragment.querySelector("[type=checkbox]").checked = true;
    if (!target.matches("[data-keep]")) return;
    const answer = fragment.querySelector("[data-answer]")?.dataset.answer;
    const busy = answer === undefined && target.querySelector(".htmx-request, [data-waits]");
    if (busy) behind = Math.min(behind ?? Infinity, target.dataset.version ?? Infinity);
    if (busy || (typed(target, WRITTEN) && answer !== "fresh")) return (event.detail.shouldSwap = false);
    for (const area of target.querySelectorAll(WRITTEN)) {
      const next = fragment.querySelector(`#${area.id}`);
      if (next && isTyped(area) && !area.closest(".htmx-request")) next.value = area.value;
    }
    for (const part of target.querySelectorAll("[data-carry]"))
      if (!part.closest(".htmx-request")) fragment.querySelector(`#${part.id}`)?.replaceWith(part);
    for (const menu of target.querySelectorAll("details:is(.menu, .fold)[open][id]")) fragment.querySelector(`#${menu.id}`)?.setAttribute("open", "");
    const { scrollTop } = target;
    if (scrollTop) requestAnimationFrame(() => (document.getElementById(target.id).scrollTop = scrollTop));
    // An exclusive group would close the new open one, as the old is still there.
    for (const old of target.querySelectorAll("details[name]")) old.removeAttribute("name");
  });

  // What was not taken must not look as if it were.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, ({ detail: { elt, xhr } }) => {
      if (xhr.status === 401) {
        signedOut = true;
        disconnect();
        show();
      }
      if (elt.matches("[data-live], [data-hears], [data-saver], [data-quiet]")) return;
      if (elt.matches(".choice")) elt.reset();
      const note = document.createElement("p");
      note.className = "notice error";
      note.dataset.unsent = "";
      note.textContent =
        xhr.status === 401 ? "You are signed out. Sign in in another tab, then send this again."
        : xhr.status === 503 && xhr.responseText && xhr.getResponseHeader("Content-Type")?.startsWith("text/plain") ? `${xhr.responseText} What you typed is still here.`
        : xhr.status === 403 ? "Your account may not do this, or the page was open too long. Copy what you typed and reload."
        : elt.matches(".choice") ? "That was not saved. Try again."
        : "That did not reach us. What you typed is still here: try again.";
      document.getElementById("messages").replaceChildren(note);
    });

  let sending = false;
  addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-guard]")) return;
    sending = true;
    setTimeout(() => (sending = false), 3000);
  });
  addEventListener("beforeunload", (event) => {
    if (!sending && [...document.querySelectorAll("form[data-guard]:not(:has([data-keeping=kept]))")].some((form) => typed(form))) event.preventDefault();
  });

  // The server renders times in this zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `tz=${zone}; path=/; max-age=31536000; samesite=lax`;
  connect();

  // A long case on the desk opens at its end, where one writes.
  const end = document.querySelector(".composers:not([data-calm])");
  const arriving = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (end && arriving && !location.hash) end.scrollIntoView({ block: "end" });
})();
