// Shows notifications, and one page while there is no network. It keeps that page and its styles, and no other.
const OFFLINE = "{% url 'offline' %}";
const KEPT = [
  OFFLINE,
  "{% static 'css/tokens.css' %}",
  "{% static 'css/base.css' %}",
  "{% static 'css/layout.css' %}",
  "{% static 'css/components/controls.css' %}",
  "{% static 'css/components/menus.css' %}",
];
const CACHE = ["offline", "{{ brand.name|escapejs }}", ...KEPT].join(" "); // another name is another page

async function keep() {
  const cache = await caches.open(CACHE);
  await cache.addAll(KEPT.map((address) => new Request(address, { credentials: "omit", cache: "no-cache" })));
}

async function forgetOlder() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  await clients.claim();
}

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep());
});
addEventListener("activate", (event) => event.waitUntil(forgetOlder()));

async function kept(address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? Response.error();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url).pathname;
  if (request.mode === "navigate" && request.method === "GET")
    event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
  else if (KEPT.includes(address) && request.method === "GET")
    event.respondWith(fetch(request).catch(() => kept(address)));
});

// What the case in front already shows needs no notification.
async function isInFront(address) {
  const { pathname } = new URL(address, location.origin);
  const windows = await clients.matchAll({ type: "window" });
  return windows.some((one) => one.focused && new URL(one.url).pathname === pathname);
}

async function show({ title, body, address, tag }) {
  if (await isInFront(address)) return;
  const icon = "{% static 'icons/192.png' %}";
  await registration.showNotification(title, { body, tag, icon, renotify: true, data: { address } });
}

addEventListener("push", (event) => event.waitUntil(show(event.data.json())));

// A tab with that very page comes to the front, or another one is opened.
async function open(address) {
  const wanted = new URL(address, location.origin).href;
  const windows = await clients.matchAll({ type: "window" });
  const there = windows.find((one) => one.url === wanted);
  await (there ? there.focus() : clients.openWindow(wanted));
}

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.address));
});
