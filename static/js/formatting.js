// Buttons and keys that write formatting around what is selected in a text, as one would type it.
(() => {
  const KEYS = { b: "bold", e: "code", k: "link" };

  function insert(area, text, from, to) {
    const start = area.selectionStart;
    area.focus();
    document.execCommand("insertText", false, text); // which can be undone
    area.setSelectionRange(start + from, start + to);
  }

  function wrap(area, mark) {
    const { value, selectionStart: start, selectionEnd: end } = area;
    const size = mark.length;
    const isWrapped = value.slice(start - size, start) === mark && value.slice(end, end + size) === mark;
    const chosen = value.slice(start, end);
    if (!isWrapped) return insert(area, mark + chosen + mark, size, size + chosen.length);
    area.setSelectionRange(start - size, end + size);
    insert(area, chosen, 0, chosen.length);
  }

  function link(area) {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    const words = chosen || "text";
    const target = `[${words}](https://)`;
    if (chosen) insert(area, target, target.length - 1, target.length - 1);
    else insert(area, target, 1, 1 + words.length);
  }

  function begin(area, mark) {
    const { value } = area;
    const start = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const next = value.indexOf("\n", area.selectionEnd);
    area.setSelectionRange(start, next < 0 ? value.length : next);
    const lines = value.slice(area.selectionStart, area.selectionEnd).split("\n");
    const isBegun = lines.every((line) => line.startsWith(mark));
    const text = lines.map((line) => (isBegun ? line.slice(mark.length) : mark + line)).join("\n");
    insert(area, text, lines.length > 1 ? 0 : text.length, text.length);
  }

  function code(area) {
    const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
    if (!chosen.includes("\n")) return wrap(area, "`");
    insert(area, `\`\`\`\n${chosen}\n\`\`\``, 4, 4 + chosen.length);
  }

  const FORMATS = {
    bold: (area) => wrap(area, "**"),
    code,
    link,
    list: (area) => begin(area, "- "),
    quote: (area) => begin(area, "> "),
  };

  document.addEventListener("mousedown", (event) => {
    if (event.target.closest("[data-format]")) event.preventDefault(); // the selection stays in the text
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-format]");
    if (button) FORMATS[button.dataset.format](document.getElementById(button.parentElement.dataset.for));
  });

  // Without a selection Ctrl K is the palette's, as everywhere. The window hears of a key before it does.
  addEventListener(
    "keydown",
    (event) => {
      const { key, target } = event;
      const format = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && KEYS[key.toLowerCase()];
      if (!format || !target.matches?.("[data-formatted] textarea")) return;
      if (format === "link" && target.selectionStart === target.selectionEnd) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      FORMATS[format](target);
    },
    true,
  );
})();
