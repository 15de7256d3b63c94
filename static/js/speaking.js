// What this device does when there is a notice: a sound, a notification, as one chose on the page "Notifications". The
// tab that leads (notices.js) speaks for all. What is chosen is this device's, and ends when somebody signs out of it.
(() => {
  const { viewer } = document.documentElement.dataset;
  const PUSH = "/accounts/notifications/push/";
  const REST = 1000; // milliseconds in which the page in front may read what came
  const CHOICES = ["sound", "notification", "summary", "push"];
  let resting;

  const key = (name) => `tells.${name}`;
  const isOn = (name) => localStorage.getItem(key(name)) === "on";

  function forget() {
    for (const name of [...CHOICES, "told", "viewer"]) localStorage.removeItem(key(name));
  }

  async function worker() {
    if (!navigator.serviceWorker) return;
    await navigator.serviceWorker.register("/worker.js");
    return navigator.serviceWorker.ready;
  }

  function play() {
    const sound = new AudioContext();
    [660, 880].forEach((pitch, place) => {
      const tone = sound.createOscillator();
      const volume = sound.createGain();
      const begins = sound.currentTime + place * 0.16;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.15, begins);
      volume.gain.exponentialRampToValueAtTime(0.001, begins + 0.4);
      tone.connect(volume).connect(sound.destination);
      tone.start(begins);
      tone.stop(begins + 0.4);
    });
    setTimeout(() => sound.close(), 1000);
  }

  async function show({ title, body, address, tag }) {
    const there = await worker();
    const icon = document.querySelector("link[rel=apple-touch-icon]").href;
    await there.showNotification(title, { body, tag, icon, renotify: true, data: { address } });
  }

  // The worker shows what comes by push, be this page open or not.
  async function subscribe() {
    const there = await worker();
    const { key: applicationServerKey } = await (await fetch(PUSH)).json();
    const asked = { userVisibleOnly: true, applicationServerKey };
    const subscription = await there.pushManager.subscribe(asked);
    const { endpoint, keys } = subscription.toJSON();
    const refused = await say({ endpoint, ...keys, summary: isOn("summary") ? "on" : "" });
    if (refused) throw new Error(refused);
  }

  async function unsubscribe() {
    const there = await navigator.serviceWorker?.getRegistration();
    const subscription = await there?.pushManager.getSubscription();
    if (!subscription) return;
    await subscription.unsubscribe();
    return subscription.endpoint;
  }

  function end() {
    unsubscribe().catch(() => {});
    forget();
  }

  function askAgain() {
    sessionStorage.asked = viewer;
    subscribe().catch(() => {});
  }

  async function say(fields) {
    const headers = JSON.parse(document.body.getAttribute("hx-headers"));
    const answer = await fetch(PUSH, { method: "POST", body: new URLSearchParams(fields), headers });
    if (answer.status === 422) return (await answer.json()).refused;
    if (!answer.ok) return "That couldn’t be saved. Try again in a moment.";
  }

  async function news() {
    const asked = new URLSearchParams({ after: localStorage.getItem(key("told")) ?? "" });
    if (isOn("summary")) asked.set("summary", "on");
    const answer = await fetch(`/desk/notices/news/?${asked}`);
    if (!answer.ok || answer.redirected) return [];
    const told = await answer.json();
    localStorage.setItem(key("told"), told.newest);
    return told.news;
  }

  async function speak() {
    const found = [];
    for (const one of await news()) if (!(await portal.isInFront(one.address.split("#")[0]))) found.push(one);
    if (!found.length) return;
    if (isOn("sound")) play();
    const isShown = isOn("notification") && !isOn("push") && Notification.permission === "granted";
    if (isShown) for (const one of found) await show(one);
  }

  document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
    if (target.id !== "bell" || !portal.leads || !(isOn("sound") || isOn("notification"))) return;
    clearTimeout(resting);
    resting = setTimeout(() => speak().catch(() => {}), REST);
  });

  // Whoever signs out, or another person who has signed in, hears nothing of what was chosen before.
  document.addEventListener("submit", ({ target }) => {
    if (target.action?.endsWith("/logout/")) end();
  });
  if (localStorage.getItem(key("viewer")) && localStorage.getItem(key("viewer")) !== viewer) end();
  // Another sign-in here, or another key of ours: it is asked for again, once in the life of a tab.
  else if (isOn("push") && sessionStorage.asked !== viewer) askAgain();
  if (matchMedia("(display-mode: standalone)").matches) worker();

  // The page "Notifications".
  const device = document.querySelector("[data-device]");
  if (!device) return;
  const said = device.querySelector("[data-said]");
  const box = (name) => device.querySelector(`[name=${name}]`);

  function showChoices() {
    for (const name of CHOICES) box(name).checked = isOn(name);
    const shows = window.isSecureContext && window.Notification;
    // Without locks no tab leads, so none speaks.
    if (!navigator.locks) disable(CHOICES, "Sounds and notifications are off");
    else if (!shows) disable(["notification", "summary", "push"], "Notifications are off");
  }

  function disable(names, why) {
    for (const name of names) box(name).disabled = true;
    said.textContent = `${why}: they need a secure page (https).`;
  }

  async function mayNotify() {
    if ((await Notification.requestPermission()) === "granted") return true;
    said.textContent =
      "Your browser blocks notifications from this site. Allow them in its settings, then tick the box again.";
    return false;
  }

  async function choose({ target }) {
    said.textContent = "";
    const { name } = target;
    const asks = ["notification", "push"].includes(name);
    if (asks && target.checked && !(await mayNotify())) target.checked = false;
    localStorage.setItem(key(name), target.checked ? "on" : "off");
    if (name === "push" || (name === "summary" && isOn("push"))) await choosePush();
    localStorage.setItem(key("viewer"), viewer);
    localStorage.removeItem(key("told"));
    await news(); // what is there already is not spoken of
    if (!said.textContent) said.textContent = "Saved for this device.";
  }

  async function choosePush() {
    try {
      if (isOn("push")) return await subscribe();
      const endpoint = await unsubscribe();
      if (endpoint) await say({ endpoint, ends: "on" });
    } catch (error) {
      localStorage.setItem(key("push"), "off");
      box("push").checked = false;
      said.textContent = `Push cannot be had here: ${error.message}`;
    }
  }

  async function tryIt() {
    if (isOn("sound")) play();
    if (isOn("notification")) await show({ title: "Like this", body: "", address: "/desk/notices/", tag: "notices" });
    said.textContent = isOn("sound") || isOn("notification") ? "Tried." : "Nothing is turned on for this device.";
  }

  device.hidden = false;
  showChoices();
  for (const name of CHOICES) box(name).addEventListener("change", choose);
  device.querySelector("[data-try]").addEventListener("click", tryIt);
})();
