import { drafts } from "../drafts.svelte";
import { type Line, type Part, type Parts, PARTS } from "./contract";

/**
 * A plan while it is being written. What is typed is kept in memory under the client until it is saved or given up,
 * so that leaving the page or a locked screen loses nothing.
 */
export class Writing {
  parts = $state<Record<Part, Line[]>>({} as Record<Part, Line[]>);
  readonly #key: string;

  constructor(clientId: string, begin: Parts) {
    this.#key = `plan of ${clientId}`;
    const kept = drafts.get(this.#key);
    const from = kept ? (JSON.parse(kept) as Parts) : begin;
    this.parts = Object.fromEntries(
      PARTS.map((part) => [part, (from[part] ?? []).map((line) => ({ ...line }))]),
    ) as Record<Part, Line[]>;
  }

  static kept(clientId: string): boolean {
    return drafts.get(`plan of ${clientId}`) !== "";
  }

  /** After each change. */
  keep(): void {
    drafts.set(this.#key, JSON.stringify(this.parts));
  }

  forget(): void {
    drafts.clear(this.#key);
  }

  add(part: Part): Line {
    const line = { id: crypto.randomUUID(), words: "", hidden_from_guardian: false, contact_id: null };
    this.parts[part].push(line);
    return line;
  }

  remove(part: Part, id: string): void {
    this.parts[part] = this.parts[part].filter((line) => line.id !== id);
    this.keep();
  }

  /** Answers the new place of the line, counted from one. */
  move(part: Part, id: string, to: number): number {
    const lines = this.parts[part];
    const from = lines.findIndex((line) => line.id === id);
    const line = lines[from];
    const place = Math.max(0, Math.min(lines.length - 1, to));
    if (line && place !== from) {
      const rest = lines.filter((one) => one.id !== id);
      this.parts[part] = [...rest.slice(0, place), line, ...rest.slice(place)];
      this.keep();
    }
    return place + 1;
  }

  /** What is sent: lines without a word are no lines. */
  content(): { parts: Parts } {
    const filled = PARTS.map(
      (part) => [part, this.parts[part].filter((line) => line.words.trim() !== "")] as const,
    );
    return { parts: Object.fromEntries(filled.filter(([, lines]) => lines.length > 0)) };
  }
}
