// Files are uploaded when they are chosen, dropped or pasted; the message then carries only their keys.
(() => {
  const UNREACHED = "That did not reach us. Try again.";
  let line = Promise.resolve(); // one upload after the other

  const areas = (root = document) => [...root.querySelectorAll("[data-attach]")];
  const areaOf = (element) => element?.closest?.("form")?.querySelector("[data-attach]") ?? areas().find((area) => area.checkVisibility());
  const list = (area) => area.querySelector(".files");
  const said = (area) => area.querySelector("[data-said]");
  const form = (area) => area.closest("form");
  const uploading = (area) => area.querySelector("[data-uploading]");

  function say(area, words) {
    const note = document.createElement("p");
    note.className = "error";
    note.textContent = words;
    said(area).append(note);
  }

  // Other parts of the page hear of a change as if it were typed, so that a draft keeps it.
  const changed = (area) => area.querySelector("[type=file]").dispatchEvent(new Event("input", { bubbles: true }));

  function add(area, files) {
    said(area).replaceChildren();
    const room = area.dataset.most - list(area).children.length;
    if (files.length > room) say(area, `${area.dataset.most} files fit in one message: ${files.length - room} left out.`);
    for (const file of [...files].slice(0, Math.max(room, 0))) begin(area, file);
  }

  function begin(area, file) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { textContent: file.name });
    const progress = Object.assign(document.createElement("progress"), { max: 1, value: 0, ariaLabel: `Uploading ${file.name}` });
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "remove", textContent: "×", ariaLabel: `Remove ${file.name}` });
    remove.dataset.remove = "";
    item.append(name, progress, remove);
    item.dataset.uploading = "";
    list(area).append(item);
    if (file.size > area.dataset.megabytes * 1024 * 1024) return failed(item, `“${file.name}” is too large: a file may have up to ${area.dataset.megabytes} MB.`);
    line = line.then(() => item.isConnected && "uploading" in item.dataset && send(item, file));
  }

  const send = (item, file) => new Promise((done) => {
    const area = item.closest("[data-attach]"), request = new XMLHttpRequest(), body = new FormData();
    body.append("files", file);
    item.request = request;
    request.open("POST", `${area.dataset.attach}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("X-CSRFToken", form(area).elements.csrfmiddlewaretoken.value);
    request.upload.onprogress = ({ loaded, total }) => (item.querySelector("progress").value = loaded / total);
    request.onload = () => (request.status === 201 ? arrived(item, area, request.responseText) : failed(item, sentence(request), file));
    request.onerror = () => failed(item, UNREACHED, file);
    request.onloadend = done;
    request.send(body);
  });

  const sentence = (request) => (request.getResponseHeader("Content-Type") ?? "").startsWith("text/plain") ? request.responseText.trim() : UNREACHED;

  function arrived(item, area, html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    const next = holder.content.querySelector("li");
    if (!item.isConnected) return letGo(next, area); // removed when all of it was sent
    const same = [...list(area).children].some((other) => other.dataset.digest === next.dataset.digest);
    if (same) {
      say(area, `“${next.querySelector("span").textContent}” is here already. We kept one.`);
      letGo(next, area);
      item.remove();
    } else {
      item.replaceWith(next);
      changed(area);
    }
    goOn(area);
  }

  function failed(item, words, file) {
    const area = item.closest("[data-attach]");
    if (!area) return;
    delete item.dataset.uploading;
    item.classList.add("wrong");
    item.querySelector("progress")?.remove();
    const told = Object.assign(document.createElement("span"), { className: "error", role: "alert", textContent: words });
    words.includes(item.firstChild.textContent) ? item.firstChild.replaceWith(told) : item.firstChild.after(told);
    if (file && words === UNREACHED) {
      const again = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: "Try again" });
      again.onclick = () => (item.remove(), begin(area, file));
      item.querySelector(".remove").before(again);
    }
    delete area.dataset.waits; // a message does not go without what was meant to go with it
  }

  function letGo(item, area) {
    const address = item.querySelector("[data-remove]").dataset.remove;
    const headers = { "X-CSRFToken": form(area).elements.csrfmiddlewaretoken.value };
    if (address) fetch(address, { method: "POST", headers, keepalive: true }).catch(() => {});
  }

  // A message that is sent while its files are on their way goes when they are there.
  let sender;
  document.addEventListener("submit", (event) => {
    const area = event.target.querySelector("[data-attach]");
    if (!area || !uploading(area)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    sender = event.submitter;
    area.dataset.waits = "";
    said(area).replaceChildren(Object.assign(document.createElement("p"), { className: "hint", textContent: "This goes as soon as the files are here." }));
  }, true);

  function goOn(area) {
    if (!("waits" in area.dataset) || uploading(area)) return;
    delete area.dataset.waits;
    said(area).replaceChildren();
    form(area).requestSubmit(sender?.form === form(area) ? sender : undefined);
  }

  document.addEventListener("change", ({ target }) => {
    if (!target.matches("[data-attach] [type=file]")) return;
    const files = [...target.files];
    target.value = "";
    add(areaOf(target), files);
  });

  document.addEventListener("click", ({ target }) => {
    const item = target.closest("[data-attach] [data-remove]")?.closest("li");
    if (!item) return;
    const area = item.closest("[data-attach]");
    const gone = item.querySelector("progress")?.value;
    if (gone > 0 && gone < 1) item.request.abort(); // what may have arrived is let go when its answer says so
    letGo(item, area);
    item.remove();
    said(area).replaceChildren();
    area.querySelector("[type=file]").focus();
    changed(area);
    goOn(area);
  });

  // What is pasted as text and picture at once, as from a table, is meant as text.
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData, area = areaOf(event.target);
    if (!area || !files.length || types.includes("text/plain")) return;
    event.preventDefault();
    const at = new Date().toLocaleTimeString([], { hour12: false }).replaceAll(":", ".");
    add(area, [...files].map((file) => (file.name === "image.png" ? new File([file], `Screenshot ${at}.png`, { type: file.type }) : file)));
  });

  const carries = (event) => event.dataTransfer?.types.includes("Files") && areas().length;
  const zone = (target) => {
    for (const area of areas()) area.classList.toggle("over", area === target);
  };
  document.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    zone(areaOf(event.target));
  });
  document.addEventListener("dragleave", ({ relatedTarget }) => relatedTarget ?? zone());
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    zone();
    const area = areaOf(event.target);
    if (area) add(area, event.dataTransfer.files);
  });
})();
