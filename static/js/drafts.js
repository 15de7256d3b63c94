// What is typed in a composer is kept on the server: when one pauses, and when one leaves.
// A [data-keeping] says "kept" as long as leaving loses nothing; what it does not hold yet makes it [data-unkept].
(() => {
  const PAUSE = 1000, LONGEST = 8000, AGAIN = 10_000; // milliseconds
  const waits = new WeakMap(); // keeping -> its timer, and since when it waits

  const all = () => [...document.querySelectorAll("[data-keeping]")];
  const saver = (keeping) => keeping.querySelector("[data-saver]");
  const asks = (keeping) => keeping.querySelector("[data-conflict]"); // both texts stand there until one is chosen
  const unkept = (keeping) => "unkept" in keeping.dataset && !asks(keeping);

  function later(keeping, pause) {
    const { timer, since = Date.now() } = waits.get(keeping) ?? {};
    clearTimeout(timer);
    const rest = Math.max(0, Math.min(pause, since + Math.max(LONGEST, pause) - Date.now()));
    waits.set(keeping, { since, timer: setTimeout(save, rest, keeping) });
  }

  function save(keeping) {
    clearTimeout(waits.get(keeping)?.timer);
    waits.delete(keeping);
    if (!unkept(keeping) || !keeping.isConnected) return;
    if (keeping.closest("form").matches(".htmx-request") || saver(keeping).matches(".htmx-request")) return later(keeping, PAUSE);
    htmx.trigger(saver(keeping), "caseline:typed");
  }

  document.addEventListener("input", ({ target }) => {
    const keeping = target.form?.querySelector("[data-keeping]");
    if (!keeping) return;
    keeping.dataset.unkept = "";
    later(keeping, PAUSE);
  });
  document.addEventListener("focusout", ({ target }) => {
    const keeping = target.form?.querySelector("[data-keeping]");
    if (keeping && unkept(keeping)) save(keeping);
  });

  document.addEventListener("htmx:beforeRequest", ({ target }) => delete target.closest("[data-keeping]")?.dataset.unkept);
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, ({ target }) => {
      if (!target.matches("[data-saver]")) return;
      const keeping = target.closest("[data-keeping]");
      keeping.dataset.unkept = keeping.dataset.keeping = "";
      keeping.querySelector("[data-said]").textContent = "Draft not saved yet";
      later(keeping, AGAIN);
    });
  document.addEventListener("htmx:oobAfterSwap", ({ target }) => {
    if (target.id === "composer") return all().filter(unkept).forEach((keeping) => later(keeping, PAUSE)); // what was not sent
    const keeping = target.closest?.("[data-keeping]");
    if (!keeping) return;
    keeping.dataset.keeping = asks(keeping) ? "" : "kept";
    asks(keeping)?.scrollIntoView({ block: "nearest" });
  });

  // What is on its way may be cut off with its page, so it goes again in a request that outlives it. As the next page
  // may be made before that arrives, this tab remembers the text for a moment too.
  const REMEMBERED = 60_000;
  const written = (form) => [...form.elements].filter((field) => field.matches("textarea, select"));

  addEventListener("pagehide", () => {
    for (const keeping of all().filter((one) => unkept(one) || saver(one).matches(".htmx-request"))) {
      const { form, formAction } = saver(keeping);
      delete keeping.dataset.unkept;
      fetch(formAction, { method: "POST", body: new FormData(form), keepalive: true, headers: { "HX-Request": "true" } }).catch(() => {});
      if (form.matches(".htmx-request")) continue; // which is sent, and no draft any more
      const fields = written(form).map(({ name, value }) => [name, value]);
      sessionStorage[formAction] = JSON.stringify({ at: Date.now(), seen: form.elements.draft.value, fields });
    }
  });

  // It is filled in where the page shows the same version of the draft as the one that was left, which is thus the older.
  addEventListener("pageshow", () => {
    for (const keeping of all()) {
      const { form, formAction } = saver(keeping);
      const { at = 0, seen, fields } = JSON.parse(sessionStorage[formAction] ?? "{}");
      sessionStorage.removeItem(formAction);
      if (Date.now() - at > REMEMBERED || seen !== form.elements.draft.value || asks(keeping)) continue;
      const changed = fields.filter(([name, value]) => form.elements[name] && form.elements[name].value !== value);
      for (const [name, value] of changed) form.elements[name].value = value;
      if (!changed.length) continue;
      form.closest("details").open = true;
      keeping.dataset.unkept = "";
      save(keeping);
    }
  });
})();
