import { Loaded } from "../loaded.svelte";
import { get } from "../request";
import type { LanguageTexts, Texts } from "./contract";

/** The exercises' words do not change while the product runs: read once for all panels. */
class Known {
  readonly loaded = new Loaded<Texts>();

  async read(): Promise<void> {
    if (this.loaded.value === undefined) await this.loaded.load(() => get<Texts>("/grounding"));
  }
}

export const known = new Known();

/** English where there is no file in that language, as on the server. */
export function textsIn(texts: Texts, language: string): LanguageTexts {
  const code = language.slice(0, 2).toLowerCase();
  const found = texts.languages.find((one) => one.language === code) ?? texts.languages[0];
  if (!found) throw new Error("no language");
  return found;
}
