// The service worker of the door's pages. It keeps those pages, and the files that they load, for when the network is
// gone; it sees no other page. What devices send and fetch goes past it.
const CACHE = "check-in-1";
const PATIENCE = 3000;
const HASHED = /\.[0-9a-f]{12}\.\w+$/;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (url.pathname === new URL(self.registration.scope).pathname) event.respondWith(page(request));
  } else if (["style", "script", "font", "image"].includes(request.destination)) event.respondWith(file(request));
});

// The page that was open before the worker was asks for itself and its files to be kept.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(Promise.all(event.data.keep.map((url) => keep(new Request(url)))));
});

async function keep(request) {
  const cache = await caches.open(CACHE);
  if (HASHED.test(new URL(request.url).pathname) && (await cache.match(request, { ignoreVary: true }))) return;
  const answer = await fetch(request, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok && !answer.redirected) await cache.put(request, answer);
}

/** The network's, unless it takes too long; kept without what it was searched by. */
async function page(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.ok && !answer.redirected && answer.type === "basic") await cache.put(request, answer.clone());
    else if ([403, 404].includes(answer.status)) await cache.delete(request, { ignoreSearch: true, ignoreVary: true });
    return answer;
  } catch (error) {
    // There is one reader on a device: what the answer varies by is the same
    const kept = (await cache.match(request, { ignoreVary: true })) ?? (await cache.match(request, { ignoreSearch: true, ignoreVary: true }));
    if (kept) return kept;
    throw error;
  }
}

async function file(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept && HASHED.test(new URL(request.url).pathname)) return kept;
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
