import { post, sentence } from "../request";
import { asked } from "./asked.svelte";
import type { Pressed, Walk, WalkView } from "./contract";

/** One dry run: what was pressed and how far its clock has come. The server walks the whole of it anew each time. */
export class Walking {
  view = $state.raw<WalkView>();
  wrong = $state<string>();
  pressed = $state.raw<readonly Pressed[]>([]);
  until = $state(0);
  picks = $state<Walk["picks"]>("nobody");
  contacts = $state(true);
  #run = 0;

  constructor(readonly versionId: () => string) {}

  get started(): boolean {
    return this.pressed.length > 0 || this.until > 0;
  }

  async walk(): Promise<void> {
    const run = ++this.#run;
    const body: Walk = {
      tier: asked.tier,
      variants: [...asked.variants],
      has_contacts: this.contacts,
      picks: this.picks,
      pressed: [...this.pressed],
      until_s: this.until,
    };
    try {
      const view = await post<WalkView>(`/protocols/${this.versionId()}/dry-run`, body);
      if (run !== this.#run) return;
      this.view = view;
      this.wrong = undefined;
    } catch (error) {
      if (run === this.#run) this.wrong = sentence(error);
    }
  }

  press(press: Pressed["press"], more: Partial<Pressed> = {}): void {
    this.pressed = [...this.pressed, { at_s: this.until, press, ...more }];
  }

  to(seconds: number): void {
    this.until = Math.max(this.until, seconds);
  }

  /** The clock goes back to where it stood before the last press but one. */
  undo(): void {
    const left = this.pressed.slice(0, -1);
    this.until = this.pressed[this.pressed.length - 1]?.at_s ?? 0;
    this.pressed = left;
  }

  again(): void {
    this.pressed = [];
    this.until = 0;
  }
}
