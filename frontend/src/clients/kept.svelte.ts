import { SvelteMap } from "svelte/reactivity";
import { clock } from "../clock.svelte";
import { get, post } from "../request";

interface Draft {
  form: string;
  answers: Record<string, string>;
  saved_at: string | number;
}
const PAUSE_MS = 800;

/**
 * What is being typed into the forms of one record, kept sealed on the server for its author: a reload, a lock that lasts
 * or another machine loses nothing, and the browser keeps nothing of a client.
 */
export class Kept {
  #drafts = new SvelteMap<string, Draft>();
  #waiting = new SvelteMap<
    string,
    { timer: ReturnType<typeof setTimeout>; answers: Record<string, string> }
  >();

  constructor(readonly client: string) {}

  async load(): Promise<void> {
    try {
      const found = await get<Draft[]>(`/clients/${this.client}/drafts`);
      for (const draft of found) if (!this.#waiting.has(draft.form)) this.#drafts.set(draft.form, draft);
    } catch {
      // Without them the forms begin with what is saved.
    }
  }

  of(form: string): Draft | undefined {
    return this.#drafts.get(form);
  }

  keep(form: string, answers: Record<string, string>): void {
    clearTimeout(this.#waiting.get(form)?.timer);
    const timer = setTimeout(() => void this.#send(form), PAUSE_MS);
    this.#waiting.set(form, { timer, answers });
    this.#drafts.set(form, { form, answers, saved_at: clock.now });
  }

  forget(form: string): void {
    if (!this.#drafts.has(form)) return;
    clearTimeout(this.#waiting.get(form)?.timer);
    this.#waiting.delete(form);
    this.#drafts.delete(form);
    void this.#post(form, {});
  }

  /** Leaving the page: what the last pause had not sent yet. */
  sendAll(): void {
    for (const form of [...this.#waiting.keys()]) void this.#send(form);
  }

  async #send(form: string): Promise<void> {
    const waiting = this.#waiting.get(form);
    if (!waiting) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(form);
    await this.#post(form, waiting.answers);
  }

  async #post(form: string, answers: Record<string, string>): Promise<void> {
    try {
      await post(`/clients/${this.client}/drafts/${form}`, { answers });
    } catch {
      // What was typed stands in the form; the next letter tries again.
    }
  }
}
