import type { Preferences } from "./contract";
import { me } from "./me.svelte";
import { post } from "./request";

/** How this person wants the screen: kept with the account, applied at once. Initials are for this screen only. */
class Prefs {
  initials = $state(false);
  #waiting = $state.raw<Partial<Preferences>>({});

  get all(): Preferences {
    const kept = me.person?.preferences ?? { sound: false, single_keys: true, theme: "system" };
    return { ...kept, ...this.#waiting };
  }

  get singleKeys(): boolean {
    return this.all.single_keys;
  }

  get sound(): boolean {
    return this.all.sound;
  }

  /** Kept with the account when the server can be reached; on this screen in any case. */
  async change(change: Partial<Preferences>): Promise<void> {
    this.#waiting = { ...this.#waiting, ...change };
    this.apply();
    if (me.person) await post("/me/preferences", this.all);
  }

  apply(): void {
    const root = document.documentElement;
    if (this.all.theme === "system") delete root.dataset.theme;
    else root.dataset.theme = this.all.theme;
  }

  get dark(): boolean {
    const { theme } = this.all;
    return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  }

  async toggleTheme(): Promise<void> {
    await this.change({ theme: this.dark ? "light" : "dark" });
  }
}

export const prefs = new Prefs();
