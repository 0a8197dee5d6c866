/**
 * Words that hurt or blame, with what says the same without: for free text that others read. A hint while somebody
 * types, never a block: whoever writes knows what was said.
 */
const HINTS: readonly (readonly [words: RegExp, hint: string])[] = [
  [/\bcommit(?:s|ted|ting)?\s+suicide\b/i, "“died by suicide” says it without blame."],
  [
    /\bcommit(?:s|ted|ting)?\s+(?:an?\s+)?(?:attempt|self[- ]harm)\b/i,
    "“attempted suicide”, “harmed themselves”.",
  ],
  [
    /\b(?:failed|unsuccessful|successful|completed)\s+(?:suicide\s+)?(?:attempt|suicide)\b/i,
    "“suicide attempt”, or “died by suicide”: nobody succeeds or fails at it.",
  ],
  [/\bmanipulat(?:ive|ing|ion|es?)\b/i, "What did they say or do? That helps whoever reads this next."],
  [/\battention[- ]?seek(?:ing|er)\b/i, "What did they ask for? That helps whoever reads this next."],
  [/\bnon-?complian(?:t|ce)\b/i, "“declined” says what happened."],
  [/\bfrequent fl[iy]ers?\b/i, "Say how often, if it matters; the name is better left out."],
];

/** The hints for a text, each once. */
export const gentleHints = (text: string): string[] =>
  HINTS.filter(([words]) => words.test(text)).map(([, hint]) => hint);
