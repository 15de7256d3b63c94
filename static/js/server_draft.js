// What is typed in a composer is kept on the server: when one pauses, and when one leaves. A [data-keeping], which each
// composer has, says "kept" as long as leaving loses nothing; what it does not hold yet makes it [data-unkept].
(() => {
  const [PAUSE, LONGEST, AGAIN] = [1000, 8000, 10_000]; // milliseconds
  const REMEMBERED = 60_000; // by this tab, after it left the page
  const SENDING = ".htmx-request";
  const { viewer } = document.documentElement.dataset; // whose text it is
  const waits = new WeakMap(); // keeping -> its timer, and since when it waits

  const all = () => [...document.querySelectorAll("[data-keeping]")];
  const keepingOf = (field) => field.form?.querySelector("[data-keeping]");
  const saver = (keeping) => keeping.querySelector("[data-saver]");
  const conflict = (keeping) => keeping.querySelector("[data-conflict]"); // both texts stand there until one is chosen
  const isUnkept = (keeping) => "unkept" in keeping.dataset && !conflict(keeping);
  const isSaving = (keeping) => saver(keeping).matches(SENDING);

  function saveIn(pause, keeping) {
    const { timer, since = Date.now() } = waits.get(keeping) ?? {};
    clearTimeout(timer);
    const rest = Math.max(0, Math.min(pause, since + Math.max(LONGEST, pause) - Date.now()));
    waits.set(keeping, { since, timer: setTimeout(save, rest, keeping) });
  }

  function save(keeping) {
    clearTimeout(waits.get(keeping)?.timer);
    waits.delete(keeping);
    if (!isUnkept(keeping) || !keeping.isConnected) return;
    if (keeping.closest("form").matches(SENDING) || isSaving(keeping)) return saveIn(PAUSE, keeping);
    htmx.trigger(saver(keeping), "portal:typed");
  }

  document.addEventListener("input", ({ target }) => {
    const keeping = keepingOf(target);
    if (!keeping) return;
    keeping.dataset.unkept = "";
    saveIn(PAUSE, keeping);
  });
  document.addEventListener("focusout", ({ target }) => {
    const keeping = keepingOf(target);
    if (keeping && isUnkept(keeping)) save(keeping);
  });

  document.addEventListener("htmx:beforeRequest", ({ target }) => {
    delete target.closest("[data-keeping]")?.dataset.unkept;
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, ({ target }) => {
      if (!target.matches("[data-saver]")) return;
      const keeping = target.closest("[data-keeping]");
      keeping.dataset.unkept = keeping.dataset.keeping = "";
      keeping.querySelector("[data-said]").textContent = "Draft not saved yet";
      saveIn(AGAIN, keeping);
    });
  document.addEventListener("htmx:oobAfterSwap", ({ target }) => {
    if (target.id === "composer") return saveWhatWasNotSent();
    const keeping = target.closest?.("[data-keeping]");
    if (!keeping) return;
    keeping.dataset.keeping = conflict(keeping) ? "" : "kept";
    conflict(keeping)?.scrollIntoView({ block: "nearest" });
  });

  function saveWhatWasNotSent() {
    for (const keeping of all().filter(isUnkept)) saveIn(PAUSE, keeping);
  }

  // What is on its way may be cut off with its page, so it goes again in a request that outlives it. As the next page
  // may be made before that arrives, this tab remembers the text for a moment too.
  function sendAway(keeping) {
    const { form, formAction } = saver(keeping);
    const headers = { "HX-Request": "true" };
    delete keeping.dataset.unkept;
    fetch(formAction, { method: "POST", body: new FormData(form), keepalive: true, headers }).catch(() => {});
    if (form.matches(SENDING)) return; // which is sent, and no draft any more
    const written = [...form.elements].filter((field) => field.matches("textarea, select"));
    const fields = written.map(({ name, value }) => [name, value]);
    sessionStorage[formAction] = JSON.stringify({ viewer, at: Date.now(), seen: form.elements.draft.value, fields });
  }

  // It is filled in where the page shows the same version of the draft as the one that was left: thus the older one.
  function fillIn(keeping) {
    const { form, formAction } = saver(keeping);
    const { at = 0, seen, fields, ...kept } = JSON.parse(sessionStorage[formAction] ?? "{}");
    sessionStorage.removeItem(formAction);
    if (kept.viewer !== viewer || Date.now() - at > REMEMBERED) return;
    if (seen !== form.elements.draft.value || conflict(keeping)) return;
    const changed = fields.filter(([name, value]) => form.elements[name] && form.elements[name].value !== value);
    for (const [name, value] of changed) form.elements[name].value = value;
    if (!changed.length) return;
    form.closest("details").open = true;
    keeping.dataset.unkept = "";
    save(keeping);
  }

  addEventListener("pagehide", () => {
    for (const keeping of all()) if (isUnkept(keeping) || isSaving(keeping)) sendAway(keeping);
  });
  addEventListener("pageshow", () => all().forEach(fillIn));
})();
