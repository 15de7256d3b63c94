// The bell: its number stands in the title and on the icon of the page too, and is the same in all tabs. One tab of all
// leads: it listens even while it is hidden, tells the others, and speaks for them (speaking.js).
(() => {
  const ASKED = 250; // milliseconds in which the others answer
  const { viewer } = document.documentElement.dataset;
  const bell = document.getElementById("bell");
  if (!bell) return;
  const title = document.title;
  const icon = document.querySelector("link[rel=icon]");
  const plain = icon.href;
  let tabs; // the others
  const inFront = new Set(); // the addresses of which one of them said that it shows them
  let release; // ends the lead, or the wait for it

  function showNumber() {
    const number = bell.querySelector("b")?.textContent;
    document.title = number ? `(${number}) ${title}` : title;
    const wanted = (number && icon.dataset.unread) || plain;
    if (icon.getAttribute("href") !== wanted) icon.href = wanted;
  }

  function heard({ data }) {
    const isHere = !document.hidden && location.pathname === data.isInFront;
    if (isHere) tabs.postMessage({ inFront: data.isInFront });
    if (data.inFront) inFront.add(data.inFront);
    if (data.viewer !== viewer || data.bell === bell.innerHTML) return;
    bell.innerHTML = data.bell;
    showNumber();
  }

  // Whether a tab that one looks at shows this address.
  portal.isInFront = async (pathname) => {
    inFront.delete(pathname);
    tabs?.postMessage({ isInFront: pathname });
    await new Promise((done) => setTimeout(done, ASKED));
    return inFront.has(pathname) || (!document.hidden && location.pathname === pathname);
  };

  // The browser gives the lead to one tab, and to the next one when that is left.
  function come() {
    if (tabs) return;
    tabs = new BroadcastChannel("notices");
    tabs.onmessage = heard;
    const left = new AbortController();
    release = () => left.abort();
    const untilLeft = () =>
      new Promise((done) => {
        release = done;
        portal.leads = true;
        portal.connect();
      });
    navigator.locks?.request(`notices of ${viewer}`, { signal: left.signal }, untilLeft).catch(() => {});
  }

  // A page that held on to these could not be brought back from the browser's memory.
  function leave() {
    portal.leads = false;
    release?.();
    tabs?.close();
    tabs = release = undefined;
  }

  // What a hidden page is told of, nobody has read by that.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (!detail.elt.matches("[data-hears=notices]")) return;
    if (document.hidden) detail.path = detail.path.split("?")[0];
    if (bell.parentElement.open) detail.parameters.open = "on";
  });

  const IN_MENU = "#bell-newest *, #bell-all, #bell-read";
  let focused; // in the menu, whose list is about to be replaced
  document.addEventListener("htmx:beforeSwap", ({ detail: { target } }) => {
    if (target === bell) focused = document.activeElement.matches(IN_MENU) && document.activeElement;
  });
  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target !== bell) return;
    showNumber();
    tabs?.postMessage({ viewer, bell: bell.innerHTML });
    if (!focused || !bell.parentElement.open) return;
    const again = focused.id !== "bell-all" && document.getElementById(focused.id);
    (again && again.checkVisibility() ? again : document.querySelector("#bell-newest a"))?.focus();
  });

  addEventListener("pagehide", leave);
  addEventListener("pageshow", come);
  document.addEventListener("DOMContentLoaded", showNumber);
})();
