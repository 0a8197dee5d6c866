import { act } from "../act";
import { post } from "../request";
import type { Outcome } from "./contract";

/** What the buttons do. The card comes back from the server: nothing is shown as done before. */
const at = (id: string) => `/incidents/${id}`;

async function press(path: string, body: object): Promise<boolean> {
  return (await act(path, () => post(path, body))) !== undefined;
}

export const dial = (id: string, body: { line_id?: string; number?: string; agency?: string }) =>
  press(`${at(id)}/dispatch/calls`, body);
export const said = (id: string, call: string, state: "answered" | "on_hold" | "off_hold") =>
  press(`${at(id)}/dispatch/calls/${call}`, { state });
export const over = (id: string, call: string, outcome: Outcome) =>
  press(`${at(id)}/dispatch/calls/${call}/over`, { outcome });
export const mark = (id: string, key: string, state: "done" | "refused" | "not_needed" | null, words = "") =>
  press(`${at(id)}/dispatch/marks`, { key, state, words });
export const brief = (id: string, change: object) => press(`${at(id)}/dispatch/brief`, change);
