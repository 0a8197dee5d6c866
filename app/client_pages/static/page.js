// Keeps telling that this page is here, says so when nobody hears it, and sends forms without losing what was typed.
// The whole script stays under 2 kB, hence the short names, and every statement ends in a semicolon so that lines can
// be joined. t: since when a beat waits for its answer. z: the page is finished. s: the socket. w: the word last sent.
// q: 2 after a quiet signal, until a beat that carries it was heard. k: what was typed and not yet sent, by form.
// v: the key of what staff have put on this page, and i: how long a beat has waited.
{
let d = document, l = location, k = sessionStorage, t = 0, q = 0, p = 0, w, z, s, v, $ = id => d.getElementById(id), on = (o, n, f) => o.addEventListener(n, f);

let post = (url, body) => {
  let c = new AbortController();
  setTimeout(() => c.abort(), 8e3);
  return fetch(url, {method: "POST", body, signal: c.signal, headers: {Accept: "application/json"}}).then(r => r.status < 500 ? r.json() : Promise.reject());
};

// A socket that no longer answers would take a minute to notice by itself: after 9 s plain requests take over.
let beat = () => {
  if (z) return;
  let i = t && Date.now() - t;
  w = q + !d.hidden;
  t = t || Date.now();
  if (i > 9e3) s.close();
  else if (s.readyState == 1) return s.send(w);
  post("/c/beat", "" + w).then(heard, () => 0);
};
let heard = a => {
  if (a.ok) { t = 0; if (w > 1) q = 0; if ($("shown") && v != a.show) fetch("/c/shown").then(r => r.ok && r.text()).then(h => { v = a.show; $("shown").innerHTML = h || ""; }, () => 0); }
  if (a.state) z = 1, $("over").hidden = 0;
};
// Spread over 4 s, so that a thousand pages do not all come back in one moment.
let open = () => {
  if (z) return;
  s = new WebSocket(l.origin.replace("http", "ws") + "/c/beat");
  s.onopen = beat;
  s.onmessage = e => heard(JSON.parse(e.data));
  s.onclose = () => setTimeout(open, 500 + Math.random() * 4e3);
};
if ($("lost")) {
  open();
  beat();
  setInterval(beat, 5e3);
  setInterval(() => $("lost").hidden = z || !t || Date.now() - t < 1e4, 1e3);
  on(d, "visibilitychange", beat);
  on(window, "pagehide", () => navigator.sendBeacon("/c/beat", q ? "byq" : "bye"));
}
// The quiet way: nothing changes here, and the next beat, which goes anyway, says another word of the same length.
if ($("tick")) on($("tick"), "click", () => { if (Date.now() - p < 2e3) q = 2; p = Date.now(); });
on(window, "pageshow", e => e.persisted && l.reload());

on(d, "click", e => {
  let a = e.target.closest(".leave");
  if (a) e.preventDefault(), k.clear(), l.replace(a.href);
});

// What was typed outlives a reload and a change of language, in this tab only. Secrets are not kept.
if ($("end")) k.clear();
for (let f of d.forms) for (let [n, x] of new URLSearchParams(k[f.action])) if (f[n] && n != "command") f[n].value = x;
on(d, "input", e => { let f = e.target.form; if (f.autocomplete != "off") k[f.action] = new URLSearchParams(new FormData(f)); });

on(d, "submit", e => {
  let f = e.target, say = f.querySelector("output"), send = () => post(f.action, new URLSearchParams(new FormData(f))).then(a => {
    if (a.go || a.key) k.removeItem(f.action);
    if (a.go) return l.replace(a.go);
    f.busy = 0;
    say.textContent = a.say || a.detail;
    if (!a.key) return;
    f.reset();
    f.command.value = a.key;
    $("back").hidden = !a.told;
  }, () => { say.textContent = d.body.dataset.wait; setTimeout(send, 3e3); });
  if (!say) return;
  e.preventDefault();
  if (!f.busy) f.busy = 1, send();
});
}
