// What stands in a page's forms when its viewer is found to be signed out comes back when they have signed in again:
// in this tab, on this page, within a quarter of an hour. What is [data-kept] comes back anyway.
(() => {
  const KEY = "signed out";
  const KEPT = 900_000; // milliseconds
  const NEVER = "[type=password], [type=hidden], [type=file], [autocomplete=one-time-code], button, fieldset";
  const { viewer } = document.documentElement.dataset;
  const here = () => location.pathname + location.search;
  const forms = () => [...document.querySelectorAll("form[method=post]:not([data-kept])")];
  const isSwitch = (field) => field.matches("[type=checkbox], [type=radio]");
  const isSame = (field, { name, value }) => field.name === name && (!isSwitch(field) || field.value === value);

  function isTyped(field) {
    if (!field.name || field.matches(NEVER)) return false;
    if (field.matches("select")) return [...field.options].some((option) => option.selected !== option.defaultSelected);
    return isSwitch(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
  }

  function keepTyped() {
    const fields = forms().flatMap((form) =>
      [...form.elements]
        .filter(isTyped)
        .map(({ name, value, checked }) => ({ form: form.getAttribute("action"), name, value, checked })),
    );
    try {
      sessionStorage[KEY] = JSON.stringify({ viewer, page: here(), at: Date.now(), fields });
    } catch {
      // Storage is full or forbidden.
    }
  }

  function read() {
    try {
      return JSON.parse(sessionStorage[KEY] ?? "null");
    } catch {
      return null;
    }
  }

  function fillIn(kept) {
    const form = forms().find((one) => one.getAttribute("action") === kept.form);
    const field = [...(form?.elements ?? [])].find((one) => isSame(one, kept));
    if (!field) return;
    if (isSwitch(field)) field.checked = kept.checked;
    else field.value = kept.value;
    field.closest("details")?.setAttribute("open", "");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  addEventListener("pageshow", () => {
    const kept = read();
    if (!kept || !viewer) return; // where they sign in
    const isTheirs = kept.viewer === viewer && Date.now() - kept.at < KEPT;
    if (isTheirs && kept.page !== here()) return;
    sessionStorage.removeItem(KEY);
    if (isTheirs) kept.fields.forEach(fillIn);
  });
  document.addEventListener("submit", ({ target }) => {
    if (target.action.endsWith("/accounts/logout/")) sessionStorage.removeItem(KEY);
  });

  portal.keepTyped = keepTyped;
})();
