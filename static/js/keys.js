// Keys for buttons and links that are there anyway (data-key), and j/k over rows. Off while typing.
(() => {
  const BOX = "input:not([type=radio], [type=checkbox]), textarea, select";
  const FIRST_IN_MENU = ".menu-box :is(a, button, select, input:not([type=hidden]))";
  const LEAVING = 3000; // milliseconds that the next page may take

  const isTyping = (element) => element.matches(BOX);

  function moveOverRows(step) {
    const isBeside = document.querySelector(".beside")?.checkVisibility();
    if (isBeside) return document.querySelector(`[data-key="${step > 0 ? "]" : "["}"]`).click();
    const rows = [...document.querySelectorAll("[data-row]")];
    if (!rows.length) return;
    const here = rows.indexOf(document.activeElement.closest("[data-row]"));
    const next = here < 0 ? 0 : Math.min(Math.max(here + step, 0), rows.length - 1);
    rows[next].querySelector("a").focus();
  }

  function press(element) {
    if (element.matches("input:not([type=checkbox]), select")) return element.focus();
    if (!element.matches("summary")) return element.click();
    const details = element.parentElement;
    for (let fold = details; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    details.querySelector(`textarea, ${FIRST_IN_MENU}, .solved-use`)?.focus();
    element.nextElementSibling.scrollIntoView({ block: "nearest" });
  }
  portal.press = press;

  // While a page is being left its keys are still; what is typed for the search page meanwhile is handed on to it.
  let leaving; // the timer that ends it
  let typedAhead; // for the search page, with a newline for Enter
  let searchedBox; // the box in which Enter was pressed last

  function stay() {
    clearTimeout(leaving);
    leaving = typedAhead = undefined;
  }

  addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const isElsewhere = link?.host === location.host && link.href.split("#")[0] !== location.href.split("#")[0];
    if (!isElsewhere || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    stay();
    leaving = setTimeout(stay, LEAVING);
    if (link.dataset.key === "/") typedAhead = "";
  });

  function typeAhead(event) {
    event.preventDefault();
    if (typedAhead === undefined || typedAhead.endsWith("\n")) return;
    if (event.key === "Backspace") typedAhead = typedAhead.slice(0, -1);
    else typedAhead += event.key === "Enter" ? "\n" : event.key;
  }

  addEventListener("pagehide", () => typedAhead && (sessionStorage.typed = typedAhead));
  addEventListener("pageshow", () => {
    stay();
    const { typed } = sessionStorage;
    const box = document.querySelector("input[data-key='/']");
    sessionStorage.removeItem("typed");
    if (!typed || !box) return;
    box.value = typed.replace("\n", "") + box.value;
    box.focus();
    if (!typed.endsWith("\n")) return;
    searchedBox = box;
    box.form.requestSubmit();
  });

  function send({ target }) {
    const form = target.closest("form");
    const button = form?.querySelector("[data-send]");
    if (button) form.requestSubmit(button);
  }

  function escape(event) {
    stay();
    if (event.target.type === "search") event.preventDefault(); // which would empty it
    if (isTyping(event.target)) event.target.blur();
  }

  function pressKey(event) {
    const { key } = event;
    if (key !== "?" && document.querySelector("#keys:popover-open")) return;
    if (key === "j" || key === "k") return moveOverRows(key === "j" ? 1 : -1);
    if (key === "x") return document.activeElement.closest("[data-row]")?.querySelector("[type=checkbox]")?.click();
    const element = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!element) return;
    event.preventDefault();
    press(element);
  }

  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
    const isWritten = key.length === 1 || ["Enter", "Backspace"].includes(key);
    if (leaving && isPlain && isWritten && !isTyping(target)) return typeAhead(event);
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) return send(event);
    if (key === "Escape") return escape(event);
    searchedBox = key === "Enter" ? target.closest("[role=search] input") : undefined;
    if (isPlain && !isTyping(target) && document.body.dataset.keys !== "off") pressKey(event);
  });

  // From a search one goes on to what it found, and from "3 new, show" to the first of them.
  document.addEventListener("htmx:afterRequest", ({ detail: { requestConfig: { elt } } }) => {
    const here = document.activeElement;
    const isSearch = elt === searchedBox?.form && (here === searchedBox || here === document.body);
    const isNews = elt.matches("[data-key='.']") && !isTyping(here);
    if (isSearch || isNews) document.querySelector("[data-row] a")?.focus();
  });
})();
