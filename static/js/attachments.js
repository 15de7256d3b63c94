// Files are uploaded when they are chosen, dropped or pasted; the message then carries only their keys. Without script
// they go with the message.
(() => {
  const UNREACHED = "We couldn’t reach the server. Try again.";
  const MEGABYTE = 1024 * 1024;
  let queue = Promise.resolve(); // one upload after the other
  let sender; // the button with which the message was sent that waits for its files

  const areas = () => [...document.querySelectorAll("[data-attach]")];
  const areaAround = (element) => element.closest("[data-attach]");
  const areaFor = (element) =>
    element?.closest?.("form")?.querySelector("[data-attach]") ?? areas().find((area) => area.checkVisibility());
  const form = (area) => area.closest("form");
  const token = (area) => form(area).elements.csrfmiddlewaretoken.value;
  const list = (area) => area.querySelector(".files");
  const said = (area) => area.querySelector("[data-said]");
  const isUploading = (area) => Boolean(area.querySelector("[data-uploading]"));
  const make = (name, properties) => Object.assign(document.createElement(name), properties);

  const say = (area, words) => said(area).append(make("p", { className: "error", textContent: words }));

  // Other parts of the page hear of a change as if it were typed, so that a draft keeps it.
  const changed = (area) => area.querySelector("[type=file]").dispatchEvent(new Event("input", { bubbles: true }));

  function add(area, files) {
    said(area).replaceChildren();
    const { most } = area.dataset;
    const room = most - list(area).children.length;
    if (files.length > room) say(area, `${most} files fit in one message: ${files.length - room} left out.`);
    for (const file of [...files].slice(0, Math.max(room, 0))) begin(area, file);
  }

  function begin(area, file) {
    const { megabytes } = area.dataset;
    const item = itemFor(file);
    list(area).append(item);
    if (file.size > megabytes * MEGABYTE)
      return fail(item, `“${file.name}” is too large: a file may have up to ${megabytes} MB.`);
    queue = queue.then(() => item.isConnected && "uploading" in item.dataset && upload(item, file));
  }

  function itemFor({ name }) {
    const remove = { type: "button", className: "remove", textContent: "×", ariaLabel: `Remove ${name}` };
    const item = document.createElement("li");
    item.dataset.uploading = "";
    item.append(
      make("span", { textContent: name }),
      make("progress", { max: 1, value: 0, ariaLabel: `Uploading ${name}` }),
      make("button", remove),
    );
    item.lastChild.dataset.remove = "";
    return item;
  }

  function upload(item, file) {
    const area = areaAround(item);
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file);
    item.request = request;
    request.open("POST", `${area.dataset.attach}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", token(area));
    request.upload.onprogress = ({ loaded, total }) => (item.querySelector("progress").value = loaded / total);
    request.onload = () => {
      if (request.status === 201) arrive(item, area, request.responseText);
      else fail(item, reason(request), file);
    };
    request.onerror = () => fail(item, UNREACHED, file);
    return new Promise((done) => {
      request.onloadend = done;
      request.send(body);
    });
  }

  function reason(request) {
    const isPlain = request.getResponseHeader("Content-Type")?.startsWith("text/plain");
    return isPlain ? request.responseText.trim() : UNREACHED;
  }

  function arrive(item, area, html) {
    const next = make("template", { innerHTML: html }).content.querySelector("li");
    if (!item.isConnected) return letGo(next, area); // removed when all of it was sent
    const isHere = [...list(area).children].some((other) => other.dataset.digest === next.dataset.digest);
    if (isHere) {
      say(area, `“${next.querySelector("span").textContent}” is here already. We kept one.`);
      letGo(next, area);
      item.remove();
    } else {
      item.replaceWith(next);
      changed(area);
    }
    sendIfItWaits(area);
  }

  function fail(item, words, file) {
    const area = areaAround(item);
    if (!area) return;
    delete item.dataset.uploading;
    item.classList.add("wrong");
    item.querySelector("progress")?.remove();
    const name = item.firstChild;
    const error = make("span", { className: "error", role: "alert", textContent: words });
    if (words.includes(name.textContent)) name.replaceWith(error);
    else name.after(error);
    if (file && words === UNREACHED) item.querySelector(".remove").before(tryAgain(item, area, file));
    delete area.dataset.waits; // a message does not go without what was meant to go with it
  }

  function tryAgain(item, area, file) {
    const button = make("button", { type: "button", className: "button small", textContent: "Try again" });
    button.onclick = () => {
      item.remove();
      begin(area, file);
    };
    return button;
  }

  function letGo(item, area) {
    const address = item.querySelector("[data-remove]").dataset.remove;
    const headers = { "X-CSRFToken": token(area) };
    if (address) fetch(address, { method: "POST", headers, keepalive: true }).catch(() => {});
  }

  // A message that is sent while its files are on their way goes when they are there.
  function wait(event) {
    const area = event.target.querySelector("[data-attach]");
    if (!area || !isUploading(area)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sender = event.submitter;
    area.dataset.waits = "";
    const words = "This sends as soon as the files are uploaded.";
    said(area).replaceChildren(make("p", { className: "hint", textContent: words }));
  }

  function sendIfItWaits(area) {
    if (!("waits" in area.dataset) || isUploading(area)) return;
    delete area.dataset.waits;
    said(area).replaceChildren();
    form(area).requestSubmit(sender?.form === form(area) ? sender : undefined);
  }

  document.addEventListener("submit", wait, true);

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-attach] [type=file]")) return;
    const files = [...target.files];
    target.value = "";
    add(areaFor(target), files);
  });

  document.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-attach] [data-remove]")?.closest("li");
    if (!item) return;
    const area = areaAround(item);
    const sent = item.querySelector("progress")?.value;
    if (sent > 0 && sent < 1) item.request.abort(); // what may have arrived is let go when its answer says so
    letGo(item, area);
    item.remove();
    said(area).replaceChildren();
    area.querySelector("[type=file]").focus();
    changed(area);
    sendIfItWaits(area);
  });

  function named(file) {
    if (file.name !== "image.png") return file;
    const at = new Date().toLocaleTimeString([], { hour12: false }).replaceAll(":", ".");
    return new File([file], `Screenshot ${at}.png`, { type: file.type });
  }

  // What is pasted as text and picture at once, as from a table, is meant as text.
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    const area = areaFor(event.target);
    if (!area || !files.length || types.includes("text/plain")) return;
    event.preventDefault();
    add(area, [...files].map(named));
  });

  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files") && areas().length;

  function showZone(target) {
    for (const area of areas()) area.classList.toggle("over", area === target);
  }

  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    showZone(areaFor(event.target));
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget ?? showZone());
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    showZone();
    const area = areaFor(event.target);
    if (area) add(area, event.dataTransfer.files);
  });
})();
