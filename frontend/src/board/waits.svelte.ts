import { SvelteMap } from "svelte/reactivity";

/** R7: camera off and no answer. One tap starts 60 s on this screen, then "Not responding" is offered. */
const WAIT_MS = 60_000;

class Waits {
  #until = new SvelteMap<string, number>();

  start(tileId: string, now: number): void {
    this.#until.set(tileId, now + WAIT_MS);
  }

  until(tileId: string): number | undefined {
    return this.#until.get(tileId);
  }

  over(tileId: string): void {
    this.#until.delete(tileId);
  }
}

export const waits = new Waits();
