import { patch } from "../request";
import { Sending } from "../sending.svelte";
import type { ClientRecordView } from "./contract";

export type Update = (record: ClientRecordView) => void;

/** Saves what changed of a record; the version is the one the person had before their eyes. */
export class RecordForm extends Sending {
  async save(record: ClientRecordView, changes: object): Promise<ClientRecordView | undefined> {
    const sent = await this.send((command) =>
      patch<ClientRecordView>(`/clients/${record.id}`, { version: record.version, ...changes }, command),
    );
    return sent?.value;
  }
}

/** Empty is nothing. */
export const orNull = (text: string): string | null => text.trim() || null;

/** A whole number as typed; null for nothing; undefined for something else. */
export function wholeNumber(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === "") return null;
  return /^\d{1,4}$/.test(typed) ? Number(typed) : undefined;
}

/** What was asked, or not: nobody's silence becomes a no. */
export type Said = "yes" | "no" | "unknown";
export const saidOf = (value: boolean | null | undefined): Said =>
  value == null ? "unknown" : value ? "yes" : "no";
export const known = (said: Said | ""): boolean | null =>
  said === "yes" ? true : said === "no" ? false : null;
