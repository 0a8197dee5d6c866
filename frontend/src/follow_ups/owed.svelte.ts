import { refresh } from "../request";
import type { FollowUp } from "./contract";

const EVERY_MS = 30_000;

/** What is owed after a crisis. Its times are hours: asked every half minute, beside the live board. */
class Owed {
  found = $state.raw<FollowUp[]>([]);
  failed = $state(false);
  late = $derived(this.found.filter((one) => one.when === "late").length);
  #timer: ReturnType<typeof setInterval> | undefined;

  start(): () => void {
    void this.look();
    this.#timer ??= setInterval(() => void this.look(), EVERY_MS);
    return () => {
      clearInterval(this.#timer);
      this.#timer = undefined;
      this.found = [];
      this.failed = false;
    };
  }

  async look(): Promise<void> {
    try {
      this.found = await refresh<FollowUp[]>("/follow-ups");
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }
}

export const owed = new Owed();
