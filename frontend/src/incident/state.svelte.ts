import { board } from "../board/store.svelte";
import { Loaded } from "../loaded.svelte";
import { get, refresh } from "../request";
import type { IncidentPage } from "./contract";

/** A form that stands above the step in hand. One at a time; what was typed stays in drafts. */
export type Panel =
  | { is: "recognised" }
  | { is: "close" }
  | { is: "tier" }
  | { is: "check" }
  | { is: "wrong" }
  | { is: "grounding" }
  | { is: "handoff" }
  | { is: "agreement" }
  | { is: "recheck"; id: string }
  | { is: "decide"; chosen?: "responders" | "mobile_team" | "wait" }
  | { is: "contact"; id: string };

/** Which form an incident opens with, when another screen sent somebody here for it. */
export const opening: { panel: Panel | undefined } = { panel: undefined };

/** Reading the page opens sealed fields, and each look is written down: not more often than this. */
const PAUSE_MS = 700;

/** One incident's page, kept true: read again whenever its card on the board changes. */
export class Following {
  readonly page = new Loaded<IncidentPage>();
  panel = $state.raw<Panel>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = Number.NEGATIVE_INFINITY;

  constructor(readonly id: string) {}

  read(): Promise<void> {
    this.#last = performance.now();
    return this.page.load(() => get<IncidentPage>(`/incidents/${this.id}`));
  }

  /** Of many changes in a moment the last one counts. */
  changed(): void {
    const wait = Math.max(0, this.#last + PAUSE_MS - performance.now());
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#last = performance.now();
      void this.page.load(() => refresh<IncidentPage>(`/incidents/${this.id}`));
    }, wait);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  get live(): boolean {
    return board.live;
  }
}
