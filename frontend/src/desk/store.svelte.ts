import { act } from "../act";
import { clock } from "../clock.svelte";
import { Loaded } from "../loaded.svelte";
import { me } from "../me.svelte";
import { post, refresh } from "../request";
import type { DeskView } from "./contract";

/** A desk beside the board is looked at while things happen elsewhere: once a second is enough. */
const EVERY_MS = 1000;

export type DeskPress = (path: string, body?: object) => Promise<boolean>;

/** Polls the desk while somebody could look at it. Every press answers with the whole desk. */
export class DeskStore {
  readonly desk = new Loaded<DeskView>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stopped = false;

  start(): void {
    this.#stopped = false;
    void this.#round();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    if (document.visibilityState === "visible") {
      await this.desk.load(() => refresh<DeskView>("/desk"));
      // Without the frame around it nobody else tells this window what time the server has.
      if (this.desk.value && !this.desk.wrong) clock.serverSaid(this.desk.value.now);
      me.deskZone = this.desk.value?.time_zone;
    }
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#round(), EVERY_MS);
  }

  readonly press: DeskPress = async (path, body = {}) => {
    const whole = `/desk${path}`;
    const done = await act(whole, () => post<DeskView>(whole, body));
    if (done) this.desk.set(done.value);
    return done !== undefined;
  };
}
