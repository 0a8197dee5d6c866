import { act } from "../act";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import { grounding as say } from "../words/grounding";
import type { Exercise } from "./contract";

/** With whom: one client of a meeting, or everybody in it. */
export interface Place {
  meeting: string;
  client?: string | undefined;
}

export const at = ({ meeting, client }: Place): string =>
  `/group-sessions/${meeting}${client ? `/clients/${client}` : ""}`;

async function press(path: string, body: object, done: string): Promise<boolean> {
  if (!(await act(path, () => post(path, body)))) return false;
  toasts.done(done);
  return true;
}

export const begin = (place: Place, exercise: Exercise, how: "show" | "start", before?: number) =>
  press(
    `${at(place)}/grounding`,
    before === undefined ? { exercise, act: how } : { exercise, act: how, before },
    how === "show" ? (place.client ? say.shown : say.shownAll) : say.startedDone,
  );

export interface Told {
  before?: number;
  after?: number;
  words?: string;
}

export const end = (place: Place, result: "done" | "stopped" | "declined", told: Told = {}) =>
  press(`${at(place)}/grounding/end`, { result, ...told }, say.ended[result]);

export const pick = (place: Place, words: string) => press(`${at(place)}/step`, { words }, say.picked);
