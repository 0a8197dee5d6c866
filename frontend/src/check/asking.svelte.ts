import { Loaded } from "../loaded.svelte";
import { me } from "../me.svelte";
import { get, NoAnswer, post, refresh, Refused, sentence } from "../request";
import type { CheckView, Given, Input, Result, Save, TierRules } from "./contract";
import { evaluate, evaluated, joined, merged, NOTHING } from "./rules";

/** Words are sent when the typing pauses; a tap is sent at once. */
const TYPING_MS = 1200;
const AGAIN_MS = 3000;

/** One file for all checks of a sign-in. */
export const rules = new Loaded<TierRules>();
export const needRules = (): Promise<void> =>
  rules.value ? Promise.resolve() : rules.load(() => get<TierRules>("/triage/rules"));

/**
 * The check of one incident: what the server keeps, with the taps that are on their way to it. A tap counts on the screen
 * at once. Without a line taps wait here, in memory, and go in their order when the line is back.
 */
export class Asking {
  readonly view = new Loaded<CheckView>();
  /** Tapped, and not yet said to be kept. */
  unsent = $state.raw<Save>();
  /** Why it could not be kept, when the server said no. */
  wrong = $state<string>();
  #sending: Save | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly incident: string) {}

  given = $derived.by<Given>(() => {
    const kept = this.view.value?.state === "asking" ? this.view.value.given : NOTHING;
    return this.unsent ? merged(kept, this.unsent) : kept;
  });

  result = $derived.by<Result>(() => {
    const view = this.view.value;
    if (!rules.value) return view?.result ?? { tier: null, assessed: false, matches: [] };
    return evaluate(rules.value, evaluated(this.given, view?.signal ?? "none", view?.screener ?? null));
  });

  read = (): Promise<void> => this.view.load(() => get<CheckView>(`/incidents/${this.incident}/check`));

  /** Somebody else asks, or the incident moved on. What is on its way stays as it is. */
  again(): void {
    if (!this.#sending) void this.view.load(() => refresh<CheckView>(`/incidents/${this.incident}/check`));
  }

  answer(name: Input, value: string | undefined): void {
    this.tap({ answers: { [name]: value ?? null } });
  }

  tap(save: Save, after = 0): void {
    this.wrong = undefined;
    this.unsent = this.unsent ? joined(this.unsent, save) : save;
    if (!this.#sending) this.#schedule(after);
  }

  type(save: Save): void {
    this.tap(save, TYPING_MS);
  }

  /** Everything that was tapped is kept by the server, or it cannot be now. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.unsent && !this.#sending) await this.#send();
    return this.unsent === undefined;
  }

  #schedule(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#send(), ms);
  }

  async #send(): Promise<void> {
    const going = this.unsent;
    if (!going || this.#sending) return;
    this.#sending = going;
    try {
      const view = await post<CheckView>(`/incidents/${this.incident}/check`, going);
      this.view.set(view);
      // What was tapped while this was on its way goes next.
      this.unsent = this.unsent === going ? undefined : this.unsent;
    } catch (error) {
      this.#failed(error);
      return;
    } finally {
      this.#sending = undefined;
    }
    if (this.unsent) this.#schedule(0);
  }

  #failed(error: unknown): void {
    const locked = error instanceof Refused && error.status === 423;
    if (error instanceof NoAnswer || locked) {
      // Sent twice it says the same twice.
      this.#schedule(AGAIN_MS);
      return;
    }
    this.unsent = undefined;
    this.wrong = sentence(error);
    void this.read();
  }
}

/** Kept while somebody looks elsewhere, or the screen is locked; gone with the sign-in. */
class Askings {
  #kept = new Map<string, Asking>();
  #whose: string | undefined;

  of(incident: string): Asking {
    if (this.#whose !== me.person?.id) this.#kept.clear();
    this.#whose = me.person?.id;
    const found = this.#kept.get(incident);
    if (found) return found;
    const made = new Asking(incident);
    this.#kept.set(incident, made);
    return made;
  }
}

export const askings = new Askings();
