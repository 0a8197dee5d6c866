/** "es" as "Spanish": in the reader's language, as the browser knows it. */
const names = new Intl.DisplayNames(["en"], { type: "language" });

/** Codes for which browsers know no name. */
const OWN: Record<string, string> = { ase: "American Sign Language" };

export function languageName(code: string): string {
  const own = OWN[code];
  if (own) return own;
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** What the forms offer first; any other code can be typed by an administrator of the record. */
export const LANGUAGES = [
  "en",
  "es",
  "zh",
  "vi",
  "tl",
  "fr",
  "ar",
  "ko",
  "ru",
  "pt",
  "ht",
  "so",
  "ase",
] as const;
