import { sentence } from "./request";

/**
 * What a screen reads from the server: kept while it is read again, so that nothing flickers and nothing typed is lost.
 * Of several reads under way only the newest counts.
 */
export class Loaded<T> {
  value = $state.raw<T>();
  /** Why the last read failed, as a sentence. The value before it stays. */
  wrong = $state<string>();
  #run = 0;

  async load(read: () => Promise<T>): Promise<void> {
    const run = ++this.#run;
    try {
      const value = await read();
      if (run !== this.#run) return;
      this.value = value;
      this.wrong = undefined;
    } catch (error) {
      if (run === this.#run) this.wrong = sentence(error);
    }
  }

  /** The answer of a write that gives the whole thing back. */
  set(value: T): void {
    this.#run++;
    this.value = value;
    this.wrong = undefined;
  }

  forget(): void {
    this.#run++;
    this.value = undefined;
    this.wrong = undefined;
  }
}
