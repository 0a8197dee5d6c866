import { sentence } from "./request";
import { toasts } from "./toasts.svelte";

/** Presses that are under way, so that a double press is one command. */
const underWay = new Set<string>();

/**
 * One press. Says nothing is done until the server says so; a refusal is shown as its sentence.
 * Answers undefined when it was refused or is already under way.
 */
export async function act<T>(key: string, send: () => Promise<T>): Promise<{ value: T } | undefined> {
  if (underWay.has(key)) return undefined;
  underWay.add(key);
  try {
    return { value: await send() };
  } catch (error) {
    toasts.wrong(sentence(error));
    return undefined;
  } finally {
    underWay.delete(key);
  }
}
