import { searchParams } from "sv-router";
import { me } from "../me.svelte";
import type { Query } from "../request";
import { momentOf } from "../zoned";

/** What is chosen lives in the address, so that going back from an incident finds the same list. Nothing personal. */
export const FILTERS = ["from", "to", "group_id", "tier", "state", "outcome"] as const;
export type Filter = (typeof FILTERS)[number];

export const chosen = (filter: Filter): string => {
  const value = searchParams.get(filter);
  return value === null ? "" : String(value);
};

export function choose(filter: Filter, value: string): void {
  searchParams.delete("page", undefined, { replace: true });
  if (value === "") searchParams.delete(filter, undefined, { replace: true });
  else searchParams.set(filter, value, { replace: true });
}

export const pageNumber = (): number => Number(searchParams.get("page") ?? 1) || 1;
export const toPage = (page: number): void => searchParams.set("page", page);

const DAY_MS = 86_400_000;

/** Days as typed, in the program's time zone; "to" includes its day. */
export function query(): Query {
  const zone = me.timeZone;
  const after = Date.parse(`${chosen("to")}T00:00:00Z`) + DAY_MS;
  return {
    since: momentOf(chosen("from"), "00:00", zone),
    until: Number.isNaN(after)
      ? undefined
      : momentOf(new Date(after).toISOString().slice(0, 10), "00:00", zone),
    group_id: chosen("group_id"),
    tier: chosen("tier"),
    state: chosen("state"),
    outcome: chosen("outcome"),
  };
}

export const isFiltered = (): boolean => FILTERS.some((filter) => chosen(filter) !== "");
