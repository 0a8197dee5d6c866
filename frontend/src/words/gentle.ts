import listed from "./gentle.json";

/**
 * Words that hurt or blame, with what says the same without: for free text that others read. A hint while somebody
 * types, never a block: whoever writes knows what was said. The list is app/protocols/gentle.json; `make check` holds
 * this copy equal to it.
 */
const HINTS = listed
  .filter((one) => !("ours" in one && one.ours))
  .map((one) => [new RegExp(one.words, "i"), one.instead] as const);

/** The hints for a text, each once. */
export const gentleHints = (text: string): string[] => [
  ...new Set(HINTS.filter(([words]) => words.test(text)).map(([, hint]) => hint)),
];
