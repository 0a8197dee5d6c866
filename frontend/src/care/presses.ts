import { act } from "../act";
import type { CareMember, CareStep } from "./contract";
import { shownFirst } from "../names";
import { post } from "../request";
import { todo } from "../tasks/todo.svelte";
import { toasts } from "../toasts.svelte";
import { firstNameOf } from "../words";
import { care as say } from "../words/care";
import { step as stepWords } from "../words/incident";

/** What the buttons do. Nothing here changes a card: cards come back from the server. */
async function press(path: string, body: object, done: string): Promise<boolean> {
  if (!(await act(path, () => post(path, body)))) return false;
  toasts.done(done);
  return true;
}

export const begin = (incidentId: string): Promise<boolean> =>
  press(`/incidents/${incidentId}/protocols`, { protocol: "secure-group" }, say.begun);

/** Where nothing is open about whoever is in the private room, this opens it. */
export const beginFromRoom = (room: { id: string }): Promise<boolean> =>
  press(`/breakouts/${room.id}/secure-group`, {}, say.begun);

export const answerStep = (incidentId: string, step: CareStep, outcome: string): Promise<boolean> =>
  press(`/incidents/${incidentId}/steps/${step.id ?? ""}/outcome`, { outcome }, stepWords.noted);

export const tell = (one: CareMember, said: "fine" | "word" | "not_reached"): Promise<boolean> =>
  press(`/others/${one.check_id}`, { answer: said }, say.noted(shownFirst(one), said));

export const give = (one: CareMember, to: { id: string; name: string }): Promise<boolean> =>
  press(
    `/others/${one.check_id}/owner`,
    { owner_id: to.id },
    say.given(shownFirst(one), firstNameOf(to.name)),
  );

export async function rang(one: CareMember): Promise<boolean> {
  const done = await press(`/tasks/${one.task_id}/done`, { outcome: "done" }, say.rangDone);
  void todo.look();
  return done;
}
