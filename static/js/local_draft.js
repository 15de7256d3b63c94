// What is typed in a form that is [data-kept] stays on this device until it is sent: through sign-in, errors and a
// closed tab. It goes when it is sent, cleared or old, and when somebody signs out. A form's [data-kept-names] are
// the fields that are kept, if not all, and win over what the page fills in, which is [data-known].
(() => {
  const HOUR = 3_600_000; // milliseconds
  const LONGEST = { guest: 2 * HOUR, other: 168 * HOUR }; // who did not sign in may not be the next one here
  const ASIDE = ["look", "sign-in"]; // buttons that send nothing yet

  const keyOf = (form) => `kept:${form.dataset.kept}`;
  const ownerOf = (key) => key.split("/")[0];
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith("kept:"));
  const forms = () => document.querySelectorAll("form[data-kept]");

  function read(key) {
    try {
      const draft = JSON.parse(localStorage[key] ?? "null");
      const longest = LONGEST[ownerOf(key) === "kept:guest" ? "guest" : "other"];
      return draft && Date.now() - draft.at < longest ? draft : null;
    } catch {
      return null;
    }
  }

  function write(key, draft) {
    try {
      if (draft) localStorage[key] = JSON.stringify(draft);
      else localStorage.removeItem(key);
      return Boolean(draft);
    } catch {
      return false; // full or forbidden: then the page asks before it is left
    }
  }

  const forget = (key) => write(key, null);

  function typedIn(form) {
    const isHidden = (name) => form.querySelector(`[type=hidden][name="${name}"]`);
    const isNew = (name, value) => value !== form.elements[name].dataset.known;
    const names = form.dataset.keptNames?.split(" ");
    const isTyped = ([name, value]) =>
      typeof value === "string" && value && !isHidden(name) && (!names || (names.includes(name) && isNew(name, value)));
    return Object.fromEntries([...new FormData(form)].filter(isTyped));
  }

  function save(form, sent = false) {
    const fields = typedIn(form);
    const draft = Object.keys(fields).length ? { at: Date.now(), sent, fields } : null;
    say(form, write(keyOf(form), draft));
  }

  function say(form, isSaved) {
    const line = form.querySelector("[data-kept-line]");
    if (!line) return;
    if (isSaved) line.dataset.keeping = "kept";
    else delete line.dataset.keeping;
    line.hidden = !isSaved;
  }

  // Whoever signs in a moment after typing is the one who typed.
  function fromBeforeSignIn(form) {
    const draft = read(`kept:guest/${form.dataset.kept.split("/")[1]}`);
    return draft && Date.now() - draft.at < HOUR / 4 ? draft : null;
  }

  function fillIn(form) {
    const { fields = {} } = read(keyOf(form)) ?? fromBeforeSignIn(form) ?? {};
    for (const [name, value] of Object.entries(fields)) {
      const field = form.elements[name];
      if (!field || (field.value && !("keptNames" in form.dataset))) continue;
      field.value = value;
      form.closest("details")?.setAttribute("open", "");
      if (field.matches?.("select")) field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    save(form);
  }

  function forgetOthers(form) {
    const owner = ownerOf(keyOf(form));
    for (const key of keys()) if (ownerOf(key) !== owner) forget(key);
  }

  addEventListener("pageshow", () => {
    // A report that was sent has arrived when its case is shown, and what was sent from this page when it shows the
    // event. Until then it may come back.
    const hasReported = /\/cases\/\d+\/$/.test(location.pathname);
    const arrived = location.hash.startsWith("#event-") ? [...forms()].map(keyOf) : [];
    for (const key of keys())
      if ((arrived.includes(key) || (hasReported && key.endsWith("/report"))) && read(key)?.sent) forget(key);
    forms().forEach(fillIn);
    forms().forEach(forgetOthers);
  });
  for (const name of ["input", "change"])
    document.addEventListener(name, ({ target }) => target.form?.matches("[data-kept]") && save(target.form));

  document.addEventListener("submit", ({ target: form, submitter }) => {
    if (form.action.endsWith("/accounts/logout/")) keys().forEach(forget);
    if (!form.matches("[data-kept]")) return;
    if (submitter?.name === "clear") return forget(keyOf(form));
    if (!form.hasAttribute("hx-post")) save(form, !ASIDE.includes(submitter?.name));
  });
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig, successful } }) => {
    const { elt } = requestConfig; // which its answer may have replaced by now
    if (successful && elt.matches("form[data-kept]")) forget(keyOf(elt));
  });
})();
