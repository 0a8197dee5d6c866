import { act } from "../act";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import { runs } from "../words/concerns";
import { incident as say, step as stepWords } from "../words/incident";
import type { IncidentPage, PhoneLine, StepLine } from "./contract";

/** What the buttons of the page do. The page itself comes back from the server: nothing is shown as done before. */
type Page = Pick<IncidentPage, "id">;
const at = (page: Page) => `/incidents/${page.id}`;

async function press(path: string, body: object, done: string): Promise<boolean> {
  if (!(await act(path, () => post(path, body)))) return false;
  toasts.done(done);
  return true;
}

export const giveBack = (page: Page) => press(`${at(page)}/release`, {}, say.givenBack);
export const ring = (page: Page, phone: PhoneLine) =>
  press(`${at(page)}/call`, { phone_id: phone.id }, say.ringing);
export const text = (page: Page) => press(`${at(page)}/text`, {}, say.texting);
export const spoke = (page: Page, by: "voice" | "video" | "text") =>
  press(`${at(page)}/reached`, { by }, stepWords.spokeDone);
export const otherPerson = (page: Page) => press(`${at(page)}/other-person`, {}, stepWords.otherDone);
export const see = (page: Page) => press(`${at(page)}/seen`, {}, stepWords.noted);

export const answer = (page: Page, step: StepLine, outcome: string) =>
  press(`${at(page)}/steps/${step.id ?? ""}/outcome`, { outcome }, stepWords.noted);
export const skip = (page: Page, step: Pick<StepLine, "id">, reason: string) =>
  press(`${at(page)}/steps/${step.id ?? ""}/skip`, { reason }, stepWords.skipped);
export const stop = (page: Page, step: StepLine) =>
  press(`${at(page)}/steps/${step.id ?? ""}/stop`, {}, stepWords.stopped);
export const now = (page: Page, step: StepLine) =>
  press(`${at(page)}/steps/${step.id ?? ""}/now`, {}, stepWords.asked);

export const begin = (page: Page, protocol: string) =>
  press(`${at(page)}/protocols`, { protocol }, runs.begunNow);

export async function notOurSide(page: IncidentPage): Promise<boolean> {
  return page.outage_id !== null && press(`/outages/${page.outage_id}/not-our-side`, {}, stepWords.noted);
}
