import { me } from "../me.svelte";
import { post } from "../request";

/** Nobody touched this screen for 15 minutes: cover it here and lock the sign-in on the server. */
export const IDLE_MS = 15 * 60_000;
/** The server counts too, and only sees requests: while somebody is working, tell it at most this often. */
const TELL_MS = 60_000;
const CHECK_MS = 5000;
const SIGNS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

export function watchIdle(now: () => number = Date.now): () => void {
  let touched = now();
  let told = now();

  function touch(): void {
    touched = now();
    if (me.covered || touched - told < TELL_MS) return;
    told = touched;
    void post("/me/still-here").catch(() => {});
  }
  const timer = setInterval(() => {
    if (me.covered || now() - touched < IDLE_MS) return;
    me.coverNow();
    void post("/lock").catch(() => {});
  }, CHECK_MS);
  for (const sign of SIGNS) addEventListener(sign, touch, { passive: true });
  return () => {
    clearInterval(timer);
    for (const sign of SIGNS) removeEventListener(sign, touch);
  };
}
