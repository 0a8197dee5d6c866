import { refresh } from "../request";
import type { Counts } from "./contract";

const EVERY_MS = 30_000;

/** What stands on this person's name: shown beside *Still to do* on every screen. */
class Todo {
  counts = $state.raw<Counts>();
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): void {
    void this.look();
    this.#timer ??= setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.counts = undefined;
  }

  /** A count that could not be read is left as it is: the page itself says what is wrong. */
  async look(): Promise<void> {
    try {
      this.counts = await refresh<Counts>("/tasks/counts");
    } catch {
      return;
    }
  }
}

export const todo = new Todo();
