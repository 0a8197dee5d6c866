import { me } from "../me.svelte";
import { prefs } from "../prefs.svelte";

/** Single keys: off inside fields and switchable off. Screens say what a key does while they are on the page. */
type Act = () => void;

class Shown {
  open = $state(false);
  toggle(): void {
    this.open = !this.open;
  }
}
export const keysShown = new Shown();

// Nothing on screen is drawn from it, so it need not be reactive.
// eslint-disable-next-line svelte/prefer-svelte-reactivity
const acts = new Map<string, Act[]>();

/** Returns the function that takes the key back: use as the return of an $effect. */
export function onKey(key: string, run: Act): () => void {
  const list = acts.get(key) ?? [];
  acts.set(key, [...list, run]);
  return () =>
    acts.set(
      key,
      (acts.get(key) ?? []).filter((other) => other !== run),
    );
}

const FIELDS = "input, textarea, select, [contenteditable]";
const inField = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest(FIELDS) !== null &&
  !target.matches("input[type=checkbox], input[type=radio]");

/** Answers true when the key was used. The newest screen that wants a key has it. */
export function pressed(event: KeyboardEvent): boolean {
  if (me.covered || !prefs.singleKeys || event.ctrlKey || event.metaKey || event.altKey || event.repeat)
    return false;
  if (inField(event.target) || document.querySelector("dialog[open]")) return false;
  const run = acts.get(event.key.length === 1 ? event.key.toLowerCase() : event.key)?.at(-1);
  if (!run) return false;
  event.preventDefault();
  run();
  return true;
}
