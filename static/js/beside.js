// Where the window is wide enough, the server is told, and shows the queue beside a case. The list stays where it was
// scrolled to, and shows the case that is open.
(() => {
  const WIDE = matchMedia("(min-width: 100rem)"); // as layout.css has it

  function tell() {
    document.cookie = `wide=${Number(WIDE.matches)}; path=/; max-age=31536000; samesite=lax`;
  }

  tell();
  WIDE.addEventListener("change", tell);

  const list = document.querySelector(".beside");
  if (!list) return;
  list.scrollTop = sessionStorage.beside ?? 0;
  const row = list.querySelector("[aria-current]")?.closest("[data-row]");
  if (row) list.scrollTop = Math.min(list.scrollTop, row.offsetTop);
  if (row) list.scrollTop = Math.max(list.scrollTop, row.offsetTop + row.offsetHeight - list.clientHeight);
  addEventListener("pagehide", () => (sessionStorage.beside = list.scrollTop));
})();
