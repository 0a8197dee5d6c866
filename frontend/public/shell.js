/* Keeps the page of the staff app and its hashed files, so that it opens when the server is gone. Nothing else: no answer of
   the API, no page of a client, nothing anybody typed. */
const KEPT = "handrail-shell";
const NOT_OURS = ["/api/", "/c/", "/hooks/", "/desk"];

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => {
  const wanted = (event.data && event.data.keep) || [];
  event.waitUntil(
    caches.open(KEPT).then(async (kept) => {
      // Files of an earlier version are of no use to the page of this one.
      for (const old of await kept.keys())
        if (!wanted.includes(new URL(old.url).pathname)) await kept.delete(old);
      await kept.addAll(wanted);
    }),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (NOT_OURS.some((path) => url.pathname.startsWith(path))) return;
  if (event.request.mode === "navigate") {
    event.respondWith(fetch(event.request).catch(async () => (await caches.match("/")) || Response.error()));
  } else if (url.pathname.startsWith("/assets/") || url.pathname === "/icon.svg") {
    event.respondWith(caches.match(event.request).then((kept) => kept || fetch(event.request)));
  }
});
