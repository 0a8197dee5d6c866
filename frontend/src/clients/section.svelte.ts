import { get } from "../request";
import { changed, faults, take, textsOf, valuesOf, type Answer, type Texts } from "./answers";
import type { ClientRecordView, Revealed } from "./contract";
import { RecordForm } from "./form.svelte";
import type { Kept } from "./kept.svelte";

/** In what is kept, beside the answers: the version of the record that lay before the person who typed. */
const BEGUN_ON = "version";

/** What the form of one section needs of its page. */
export interface Page {
  record: ClientRecordView;
  revealed: Revealed | undefined;
  reveal: () => Promise<Revealed | undefined>;
}

/**
 * One section of a record being changed. What is typed is kept on the server as it is typed. When a colleague changed the
 * same answer meanwhile, both stand side by side until the person has chosen; nothing typed is ever taken away.
 */
export class SectionForm extends RecordForm {
  open = $state(false);
  texts = $state.raw<Texts>({});
  /** When what stands here was typed, if that was before the page was opened. */
  began = $state<string | number>();
  /** The fields that a colleague changed, with what stands there now. */
  theirs = $state.raw<Texts>();
  clashing = $state.raw<readonly string[]>([]);
  #was: Texts = {};
  #version = 0;

  constructor(
    readonly name: string,
    readonly answers: readonly Answer[],
    readonly kept: Kept,
  ) {
    super();
  }

  start(page: Page): void {
    this.clear();
    this.#was = this.texts = this.#textsOf(page);
    this.#version = page.record.version;
    this.clashing = [];
    this.theirs = undefined;
    const draft = this.kept.of(this.name);
    this.began = draft?.saved_at;
    if (draft) this.#goOn(draft.answers);
    this.open = true;
  }

  /** With the version it was begun on: so what a colleague wrote into the same answer since then is found and shown. */
  #goOn(draft: Texts): void {
    for (const { name } of this.answers) {
      if (Object.keys(draft).some((place) => place === name || place.startsWith(`${name}.`)))
        this.texts = take(this.texts, draft, name);
    }
    if (draft[BEGUN_ON]) this.#version = Number(draft[BEGUN_ON]);
  }

  #textsOf(page: Page): Texts {
    return textsOf(this.answers, { ...page.record, ...page.revealed });
  }

  set(place: string, text: string): void {
    this.setAll({ ...this.texts, [place]: text });
  }

  setAll(texts: Texts): void {
    this.texts = texts;
    // Only what was written here: an answer that nobody touched would later wipe out a colleague's.
    const mine = changed(this.answers, texts, this.#was);
    const begun: Texts = { [BEGUN_ON]: String(this.#version) };
    if (mine.length)
      this.kept.keep(
        this.name,
        mine.reduce((all, name) => take(all, texts, name), begun),
      );
    else this.kept.forget(this.name);
  }

  /** Undefined: not saved, and everything typed still stands. */
  async saveSection(
    page: () => Page,
    needed: string,
  ): Promise<{ saved: ClientRecordView; known: object } | undefined> {
    if (this.refuse(faults(this.answers, this.texts, needed))) return undefined;
    const names = changed(this.answers, this.texts, this.#was);
    const all = valuesOf(this.answers, this.texts);
    const known = Object.fromEntries(names.map((name) => [name, all[name]]));
    if (names.length === 0) {
      this.close();
      return { saved: page().record, known };
    }
    const saved = await this.save({ ...page().record, version: this.#version }, known);
    if (saved) {
      this.close();
      return { saved, known };
    }
    if (this.code === "changed_meanwhile") await this.#lookAtBoth(page);
    return undefined;
  }

  /** Reads the record anew; what is sealed is shown again by a logged press, for it is looked at. */
  async #lookAtBoth(page: () => Page): Promise<void> {
    const { record, reveal } = page();
    try {
      const fresh = await get<ClientRecordView>(`/clients/${record.id}`);
      const sealed = this.answers.some((answer) => fresh.sealed.includes(answer.name));
      const open = sealed ? await reveal() : undefined;
      const texts = this.#textsOf({ record: fresh, revealed: open, reveal });
      const mine = changed(this.answers, this.texts, this.#was);
      // What only the colleague changed is taken over at once: it is nobody's to choose.
      for (const answer of this.answers) {
        if (!mine.includes(answer.name)) this.texts = take(this.texts, texts, answer.name);
      }
      this.clashing = Object.keys(this.wrong).length
        ? mine.filter((name) => name in this.wrong)
        : changed(this.answers, this.texts, texts);
      this.theirs = this.#was = texts;
      this.#version = fresh.version;
    } catch {
      // The next press finds out again; what is typed stands.
    }
  }

  useTheirs(name: string): void {
    if (this.theirs) this.setAll(take(this.texts, this.theirs, name));
    this.keepMine(name);
  }

  keepMine(name: string): void {
    this.clashing = this.clashing.filter((other) => other !== name);
    this.wrong = Object.fromEntries(Object.entries(this.wrong).filter(([place]) => place !== name));
    if (this.clashing.length === 0) this.clear();
  }

  close(): void {
    this.kept.forget(this.name);
    this.open = false;
    this.began = undefined;
    this.clashing = [];
  }
}
