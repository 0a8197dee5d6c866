import { drafts } from "../drafts.svelte";

/** The answers of one form, kept in memory until they are sent, wherever the person goes meanwhile. */
export class FormDraft {
  constructor(readonly form: string) {}

  #key(field: string): string {
    return `${this.form} ${field}`;
  }

  get(field: string): string {
    return drafts.get(this.#key(field));
  }

  is(field: string): boolean {
    return this.get(field) !== "";
  }

  set(field: string, text: string): void {
    drafts.set(this.#key(field), text);
  }

  clear(): void {
    drafts.clearForm(this.form);
  }
}
