/** Asked by a request that needs the PIN again; answered by the one dialog that the frame holds. */
class Confirming {
  open = $state(false);
  #answer: ((confirmed: boolean) => void) | undefined;
  #asked: Promise<boolean> | undefined;

  /** True once the server has taken the PIN. Two requests at once share one question. */
  ask(): Promise<boolean> {
    this.#asked ??= new Promise((answer) => {
      this.#answer = answer;
      this.open = true;
    });
    return this.#asked;
  }

  /** Answers whoever waits; without anybody waiting it does nothing. */
  done(confirmed: boolean): void {
    this.open = false;
    this.#answer?.(confirmed);
    this.#answer = undefined;
    this.#asked = undefined;
  }
}

export const confirming = new Confirming();
