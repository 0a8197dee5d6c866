import { act } from "../act";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import { standing as say } from "../words/agreements";

const press = async (path: string, body: object, done: string): Promise<boolean> => {
  if (!(await act(path, () => post(path, body)))) return false;
  toasts.done(done);
  return true;
};

export const take = (incident: string, agreement: string) =>
  press(`/incidents/${incident}/agreements/take`, { agreement_id: agreement }, say.taken);
export const checkDone = (incident: string, agreement: string) =>
  press(`/incidents/${incident}/agreements/check-done`, { agreement_id: agreement }, say.checked);
