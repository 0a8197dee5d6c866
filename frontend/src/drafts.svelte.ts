import { SvelteMap } from "svelte/reactivity";

/** Typed text is never lost: drafts live in memory (never in browser storage) until sent or the sign-in ends. */
class Drafts {
  #kept = new SvelteMap<string, string>();

  get(key: string): string {
    return this.#kept.get(key) ?? "";
  }

  set(key: string, text: string): void {
    if (text === "") this.#kept.delete(key);
    else this.#kept.set(key, text);
  }

  clear(key: string): void {
    this.#kept.delete(key);
  }

  clearForm(form: string): void {
    for (const key of [...this.#kept.keys()]) if (key.startsWith(`${form} `)) this.#kept.delete(key);
  }

  clearAll(): void {
    this.#kept.clear();
  }
}

export const drafts = new Drafts();
