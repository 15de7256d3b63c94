// What is typed and not sent yet is not lost: what arrives on a live page leaves it alone, a failed request says that
// it failed, and leaving the page asks first.
(() => {
  const FIELDS = "textarea[id], input[id]:is([type=text], [type=datetime-local]), [data-guard] select[id]";
  const QUIET = "[data-live], [data-hears], [data-saver], [data-quiet]"; // ask by themselves
  const SENDING = ".htmx-request";
  const OWN_SENDING = ".htmx-request:not([data-saver], [data-quiet]), [data-waits]"; // no draft and no look

  // What a macro filled in counts as typed.
  const untouched = (field) =>
    field.defaultValue ?? field.querySelector("[selected]")?.value ?? field.options[0]?.value;
  const isTyped = (field) => field.value !== ("typed" in field.dataset ? "" : untouched(field));
  const holdsTyped = (box, fields) =>
    [...box.querySelectorAll(fields)].some(isTyped) || Boolean(box.querySelector(".files li"));

  let failedAt = 0; // when something was not sent
  let behind = Infinity; // the oldest version of what a nudge could not replace, since it was being sent
  let asked = Infinity; // and of what the last look at the case asked for again

  // What arrives twice is shown once, and what arrives late replaces nothing newer. A nudge swaps away neither text
  // that is being typed nor a form that is being sent; the answer to a form says itself what it may replace, and takes
  // other drafts along.
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const { fragment, target } = detail;
    dropWhatIsHere(fragment);
    const version = fragment.querySelector("[data-version]")?.dataset.version;
    if (Number(version) < Number(target.dataset.version)) return (detail.shouldSwap = false);
    const isChosen = target.matches("[data-row]") && target.firstElementChild.checked;
    if (isChosen) fragment.querySelector("[type=checkbox]").checked = true;
    if (!target.matches("[data-keep]")) return;
    if (!mayReplace(target, fragment)) return leave(target, fragment, detail);
    takeAlong(target, fragment);
  });

  function leave(target, fragment, detail) {
    detail.shouldSwap = false;
    const { answer, version } = fragment.querySelector("[data-version]")?.dataset ?? {};
    if (answer !== undefined || target.querySelector(OWN_SENDING)) return;
    portal.renewBlocks(target, fragment, (block) => holdsTyped(block, FIELDS) || block.querySelector(SENDING));
    target.dataset.version = version;
  }

  function dropWhatIsHere(fragment) {
    for (const item of fragment.querySelectorAll("[data-once]")) if (document.getElementById(item.id)) item.remove();
  }

  function mayReplace(target, fragment) {
    const answer = fragment.querySelector("[data-answer]")?.dataset.answer;
    const waits = answer === undefined && Boolean(target.querySelector(OWN_SENDING));
    if (waits) behind = Math.min(behind, target.dataset.version ?? Infinity);
    return !waits && (!holdsTyped(target, FIELDS) || answer === "fresh");
  }

  function takeAlong(target, fragment) {
    for (const field of target.querySelectorAll(FIELDS)) {
      const next = fragment.querySelector(`#${field.id}`);
      if (next && isTyped(field) && !field.closest(SENDING)) next.value = field.value;
    }
    for (const part of target.querySelectorAll("[data-carry]"))
      if (!part.closest(SENDING)) fragment.querySelector(`#${part.id}`)?.replaceWith(part);
    for (const menu of target.querySelectorAll("details:is(.menu, .fold)[open][id]"))
      fragment.querySelector(`#${menu.id}`)?.setAttribute("open", "");
    const { id, scrollTop } = target;
    if (scrollTop) requestAnimationFrame(() => (document.getElementById(id).scrollTop = scrollTop));
    // An exclusive group would close the new open one, as the old is still there.
    for (const old of target.querySelectorAll("details[name]")) old.removeAttribute("name");
  }

  // A look at the case asks for it again; what is sent says what one has seen.
  document.addEventListener("htmx:configRequest", ({ detail: { elt, parameters } }) => {
    if (!elt.matches("[data-live]")) return;
    parameters.after = Math.min(parameters.after, behind);
    [asked, behind] = [behind, Infinity];
  });

  document.addEventListener("htmx:afterRequest", ({ detail: { elt, requestConfig, successful } }) => {
    const isLook = elt.matches("[data-live]");
    if (isLook && !successful) behind = Math.min(behind, asked);
    if (!successful || elt.matches("[data-hears], [data-saver]")) return;
    const isNewer = isLook && requestConfig.triggeringEvent?.timeStamp > failedAt; // shows what came of it
    if (isNewer) document.querySelector("#messages [data-unsent]")?.remove();
    if (!isLook && behind < Infinity) portal.catchUp();
  });

  // What was not taken must not look as if it were.
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
    document.addEventListener(name, ({ detail: { elt, xhr } }) => {
      if (elt.matches(QUIET)) return;
      if (elt.matches(".choice")) elt.reset();
      failedAt = performance.now();
      const note = document.createElement("p");
      note.className = "notice error";
      note.dataset.unsent = "";
      note.append(reason(elt, xhr));
      if (xhr.status === 401) note.append(" ", wayBackIn());
      document.getElementById("messages").replaceChildren(note);
      portal.closableMessages();
    });

  function reason(elt, xhr) {
    const isPlain = () => xhr.getResponseHeader("Content-Type")?.startsWith("text/plain");
    if (xhr.status === 401) return "You’re signed out. We’ll keep what you’ve typed.";
    if (xhr.status === 503 && xhr.responseText && isPlain()) return `${xhr.responseText} What you typed is still here.`;
    if (xhr.status === 403)
      return "You don’t have permission to do this, or the page was open too long. Copy what you typed and reload.";
    if (elt.matches(".choice")) return "That wasn’t saved. Try again.";
    return "We couldn’t reach the server. What you typed is still here: try again.";
  }

  function wayBackIn() {
    const link = document.createElement("a");
    link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = "Sign in again";
    link.addEventListener("click", () => {
      portal.keepTyped();
      document.documentElement.dataset.left = "";
    });
    return link;
  }

  let isSending = false;
  addEventListener("submit", ({ target }) => {
    if (!target.matches("[data-guard]")) return;
    isSending = true;
    setTimeout(() => (isSending = false), 3000);
  });
  addEventListener("beforeunload", (event) => {
    if ("left" in document.documentElement.dataset) return; // its viewer has signed out
    const guarded = [...document.querySelectorAll("form[data-guard]:not(:has([data-keeping=kept]))")];
    if (!isSending && guarded.some((form) => holdsTyped(form, "textarea"))) event.preventDefault();
  });
})();
