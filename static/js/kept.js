// What is typed in a form that is [data-kept] stays on this device until it is sent: through sign-in, errors and a closed
// tab. It goes when it is sent, cleared or old, and when somebody signs out.
(() => {
  const HOUR = 3_600_000; // milliseconds
  const LONGEST = { guest: 2 * HOUR, other: 168 * HOUR }; // who did not sign in may not be the next one here
  const ASIDE = ["look", "sign-in"]; // buttons that send nothing yet
  const key = (form) => `kept:${form.dataset.kept}`;
  const forms = () => document.querySelectorAll("form[data-kept]");

  function stored(name) {
    try {
      const kept = JSON.parse(localStorage[name] ?? "null");
      const longest = LONGEST[name.startsWith("kept:guest/") ? "guest" : "other"];
      return kept && Date.now() - kept.at < longest ? kept : null;
    } catch {
      return null;
    }
  }

  function store(name, kept) {
    try {
      if (kept) localStorage[name] = JSON.stringify(kept);
      else localStorage.removeItem(name);
      return Boolean(kept);
    } catch {
      return false; // full or forbidden: then the page asks before it is left
    }
  }

  function typed(form) {
    const isTheirs = ([name, value]) => typeof value === "string" && value && !form.querySelector(`[type=hidden][name="${name}"]`);
    return Object.fromEntries([...new FormData(form)].filter(isTheirs));
  }

  function say(form, isKept) {
    const line = form.querySelector("[data-kept-line]");
    if (!line) return;
    if (isKept) line.dataset.keeping = "kept";
    else delete line.dataset.keeping;
    line.hidden = !isKept;
  }

  function keep(form, sent = false) {
    const fields = typed(form);
    say(form, store(key(form), Object.keys(fields).length ? { at: Date.now(), sent, fields } : null));
  }

  // Whoever signs in a moment after typing is the one who typed.
  function fromBeforeSignIn(form) {
    const kept = stored(`kept:guest/${form.dataset.kept.split("/")[1]}`);
    return kept && Date.now() - kept.at < HOUR / 4 ? kept : null;
  }

  function fillIn(form) {
    for (const [name, value] of Object.entries((stored(key(form)) ?? fromBeforeSignIn(form))?.fields ?? {})) {
      const field = form.elements[name];
      if (!field || field.value) continue;
      field.value = value;
      if (field.matches?.("select")) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    keep(form);
  }

  function forgetOthers(form) {
    const theirs = key(form).split("/")[0];
    for (const name of Object.keys(localStorage)) if (name.startsWith("kept:") && name.split("/")[0] !== theirs) store(name, null);
  }

  addEventListener("pageshow", () => {
    // A report that was sent has arrived when its case is shown. Until then it may come back.
    if (/\/cases\/\d+\/$/.test(location.pathname))
      for (const name of Object.keys(localStorage)) if (name.startsWith("kept:") && stored(name)?.sent) store(name, null);
    forms().forEach(fillIn);
    forms().forEach(forgetOthers);
  });
  for (const name of ["input", "change"])
    document.addEventListener(name, ({ target }) => target.form?.matches("[data-kept]") && keep(target.form));

  document.addEventListener("submit", ({ target, submitter }) => {
    if (target.action.endsWith("/accounts/logout/"))
      for (const name of Object.keys(localStorage)) if (name.startsWith("kept:")) store(name, null);
    if (!target.matches("[data-kept]")) return;
    if (submitter?.name === "clear") return store(key(target), null);
    if (!target.hasAttribute("hx-post")) keep(target, !ASIDE.includes(submitter?.name));
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
    const { elt } = requestConfig; // which its answer may have replaced by now
    if (successful && elt.matches("form[data-kept]")) store(key(elt), null);
  });
})();
