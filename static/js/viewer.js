// A page shows what its viewer may see. When another one has signed in here, or nobody is signed in any more, it is
// loaded anew: a second tab at once, and what Back brings from the browser's memory before anybody sees it.
(() => {
  const page = document.documentElement;
  const { viewer } = page.dataset; // empty for a visitor, who sees nothing of anybody's
  const isOthers = () => viewer && localStorage.viewer !== viewer;

  function loadAnew() {
    page.style.visibility = "hidden";
    page.dataset.left = "";
    portal.keepTyped();
    location.reload();
  }

  try {
    localStorage.viewer = viewer;
  } catch {
    // Storage is full or forbidden: then whatever Back brings is loaded anew.
  }
  addEventListener("storage", ({ key }) => key === "viewer" && isOthers() && loadAnew());
  addEventListener("pagehide", () => viewer && (page.style.visibility = "hidden"));
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && isOthers()) loadAnew();
    else page.style.visibility = "";
  });
})();
