import { SvelteMap } from "svelte/reactivity";
import { Loaded } from "../loaded.svelte";
import { get, refresh } from "../request";
import type { DispatchCard, EmergencyNow } from "./contract";

/** What changes is asked for again no sooner than this; of many changes in a moment the last one counts. */
const PAUSE_MS = 300;

/** The card of one emergency. Its names and places are opened once; what changes is read beside them. */
export class Following {
  readonly card = new Loaded<DispatchCard>();
  /** Ticks that are on their way to the server. */
  readonly pending = new SvelteMap<string, boolean>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = Number.NEGATIVE_INFINITY;
  #gone = false;

  constructor(readonly id: string) {}

  read(): Promise<void> {
    return this.card.load(() => get<DispatchCard>(`/incidents/${this.id}/dispatch`));
  }

  /** Something happened to this incident: calls, ticks, a stand-down. */
  changed(): void {
    if (this.#gone || !this.card.value) return;
    const wait = Math.max(0, this.#last + PAUSE_MS - performance.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#last = performance.now();
      void this.look();
    }, wait);
  }

  async look(): Promise<void> {
    try {
      const now = await refresh<EmergencyNow>(`/incidents/${this.id}/dispatch/now`);
      const card = this.card.value;
      if (card && !this.#gone) this.card.value = { ...card, now };
    } catch {
      // The strip above says that the board is not live; the card stays readable.
    }
  }

  stop(): void {
    this.#gone = true;
    clearTimeout(this.#timer);
  }
}
