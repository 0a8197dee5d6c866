import { act } from "../act";
import { board } from "../board/store.svelte";
import { clock } from "../clock.svelte";
import { shownFirst } from "../names";
import { newCommandId, NoAnswer, post, sentence } from "../request";
import { navigate, route } from "../routes";
import { toasts } from "../toasts.svelte";
import { pressed as say } from "../words/press";

export type Trigger = "harm" | "medical" | "intoxication" | "psychosis";

/** Whom a press is about: what every card of the board knows. */
export interface About {
  group_session_id: string;
  client_id: string;
  name: string;
  initials: string;
}

/** The choice that is open. `wrong`: the incident whose emergency is about somebody else. `only`: a client who is known. */
export interface Choosing {
  wrong?: { incident: string; about: About };
  only?: About;
}

/** One press, from the moment of it: sent again it is the same command, so that it is carried out once. */
export class Press {
  state = $state<"sending" | "done" | "failed" | "unsure">("sending");
  why = $state<string>();
  incident = $state<string>();
  readonly at = clock.now;
  #command = newCommandId();

  constructor(
    readonly about: About,
    readonly trigger: Trigger,
  ) {}

  async send(): Promise<boolean> {
    this.state = "sending";
    this.why = undefined;
    const path = `/group-sessions/${this.about.group_session_id}/clients/${this.about.client_id}/emergency`;
    try {
      const made = await post<{ incident_id: string }>(path, { trigger: this.trigger }, this.#command);
      this.incident = made.incident_id;
      this.state = "done";
      return true;
    } catch (error) {
      if (!(error instanceof NoAnswer)) this.#command = newCommandId();
      this.state = error instanceof NoAnswer ? "unsure" : "failed";
      this.why = sentence(error);
      return false;
    }
  }
}

class Pressing {
  choosing = $state.raw<Choosing>();
  press = $state.raw<Press>();
  /** Whom the screen at hand is about, where it has an Emergency button of its own. */
  here = $state.raw<About>();

  /** The open groups, and who is on their lists. */
  readonly groups = $derived(
    board.groups
      .filter((group) => group.state === "open" || group.state === "paused")
      .map((group) => ({
        group,
        people: group.client_ids.flatMap((client) => board.tile(group.group_session_id, client) ?? []),
      })),
  );

  /** The press itself: on the screen at once, from what the board knows; confirmed when the server says so. */
  async declare(about: About, trigger: Trigger = "harm"): Promise<void> {
    this.choosing = undefined;
    const press = new Press(about, trigger);
    this.press = press;
    void navigate("/emergency");
    await this.send(press);
  }

  async send(press: Press): Promise<void> {
    if (!(await press.send()) || !press.incident) return;
    const id = press.incident;
    if (this.press === press && route.pathname === "/emergency")
      await navigate("/incidents/:id/dispatch", { params: { id }, replace: true });
    toasts.done(say.declared(shownFirst(press.about)), () => this.mistake(id));
  }

  /** Seen as well, of what is declared already. */
  async add(about: About, trigger: Trigger): Promise<void> {
    const path = `/group-sessions/${about.group_session_id}/clients/${about.client_id}/emergency`;
    if (await act(`${path} ${trigger}`, () => post(path, { trigger }))) toasts.done(say.added);
  }

  /** R17: by its author alone, while nobody outside was told. */
  async mistake(incident: string): Promise<void> {
    this.choosing = undefined;
    const path = `/incidents/${incident}/emergency/mispress`;
    if (!(await act(path, () => post(path)))) return;
    toasts.done(say.takenBack);
    this.press = undefined;
    if (route.pathname === `/incidents/${incident}/dispatch`) await navigate("/");
  }

  /** R17: about this one instead, in the one press. */
  async rightClient(incident: string, about: About): Promise<void> {
    this.choosing = undefined;
    const path = `/incidents/${incident}/emergency/wrong-client`;
    const moved = await act(path, () =>
      post<{ incident_id: string }>(path, {
        client_id: about.client_id,
        group_session_id: about.group_session_id,
      }),
    );
    if (!moved) return;
    toasts.done(say.movedTo(shownFirst(about)));
    this.press = undefined;
    await navigate("/incidents/:id/dispatch", { params: { id: moved.value.incident_id }, replace: true });
  }

  forget(): void {
    this.choosing = this.press = this.here = undefined;
  }
}

export const pressing = new Pressing();
