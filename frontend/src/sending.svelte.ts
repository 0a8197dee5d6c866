import { tick } from "svelte";
import { newCommandId, NoAnswer, Refused, sentence } from "./request";

/** Focus goes to the first answer that was not taken, so that its sentence is heard. */
async function toFirstWrong(): Promise<void> {
  await tick();
  document.querySelector<HTMLElement>('[aria-invalid="true"], [data-wrong] input')?.focus();
}

/**
 * One form on its way to the server: a double press is one command, a refusal is shown beside the answers it is
 * about, and a press repeated after no answer came is the same command, which the server carries out once.
 */
export class Sending {
  busy = $state(false);
  /** By field, as the server names them. */
  wrong = $state.raw<Record<string, string>>({});
  sentence = $state<string>();
  code = $state<string>();
  #command = newCommandId();

  async send<T>(run: (command: string) => Promise<T>): Promise<{ value: T } | undefined> {
    if (this.busy) return undefined;
    this.busy = true;
    this.clear();
    try {
      const value = await run(this.#command);
      this.#command = newCommandId();
      return { value };
    } catch (error) {
      if (!(error instanceof NoAnswer)) this.#command = newCommandId();
      this.sentence = sentence(error);
      if (error instanceof Refused) {
        this.wrong = error.fields;
        this.code = error.code;
        if (Object.keys(error.fields).length) void toFirstWrong();
      }
      return undefined;
    } finally {
      this.busy = false;
    }
  }

  /** What the form itself finds missing, before anything is sent. Answers true when something is. */
  refuse(wrong: Record<string, string | undefined>): boolean {
    this.clear();
    const found = Object.entries(wrong).filter((pair): pair is [string, string] => Boolean(pair[1]));
    this.wrong = Object.fromEntries(found);
    if (found.length) void toFirstWrong();
    return found.length > 0;
  }

  clear(): void {
    this.wrong = {};
    this.sentence = undefined;
    this.code = undefined;
  }
}
