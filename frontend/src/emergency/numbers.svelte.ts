import { board } from "../board/store.svelte";
import type { QuickPerson, QuickReference } from "../places/contract";
import { refresh } from "../request";

/** Not asked for more often, however often places change. */
const PAUSE_MS = 30_000;

/**
 * Whom to dial for where everybody is, read while nobody is in a hurry: in memory alone, so that a press that cannot reach
 * the server still has a number beside it.
 */
class Numbers {
  #known = $state.raw<QuickReference>();
  #last = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Changes when somebody is somewhere else than before. */
  readonly places = $derived(
    board.groups
      .filter((group) => group.state === "open" || group.state === "paused")
      .flatMap((group) => group.client_ids.map((client) => board.tile(group.group_session_id, client)))
      .map((tile) => (tile ? `${tile.client_id} ${tile.place.label ?? ""} ${tile.place.at ?? ""}` : ""))
      .join("|"),
  );

  of(client: string): QuickPerson | undefined {
    for (const group of this.#known?.groups ?? []) {
      const found = group.people.find((person) => person.client_id === client);
      if (found) return found;
    }
    return undefined;
  }

  /** The lines that send somebody, best first. */
  linesOf(client: string) {
    const all = this.#known?.lines ?? [];
    const wanted = this.of(client)?.lines ?? [];
    return wanted
      .flatMap((one) => all.find((line) => line.id === one.line_id) ?? [])
      .filter((line) => line.kind === "dispatch" || line.kind === "mobile_crisis" || line.kind === "cit");
  }

  /** The number that is wrong from here. */
  ownNumber(client: string): string | undefined {
    const country = this.of(client)?.country;
    return this.#known?.regions.find((region) => region.country === country)?.primary;
  }

  lookSoon(): void {
    const wait = Math.max(0, this.#last + PAUSE_MS - performance.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), wait);
  }

  async #look(): Promise<void> {
    this.#last = performance.now();
    try {
      this.#known = await refresh<QuickReference>("/quick-reference");
    } catch {
      // What was known stays; without any the screen names the printed sheet.
    }
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#known = undefined;
  }
}

export const numbers = new Numbers();
