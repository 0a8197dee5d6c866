import { me } from "./me.svelte";

/** Words for times, in the program's time zone, whatever the laptop thinks. */

const formats = new Map<string, Intl.DateTimeFormat>();

function format(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = me.timeZone;
  const id = `${key} ${zone}`;
  let found = formats.get(id);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", { ...options, timeZone: zone });
    formats.set(id, found);
  }
  return found;
}

type Moment = string | number;
const ms = (at: Moment): number => (typeof at === "number" ? at : Date.parse(at));
const withoutHalf = (text: string): string => text.replace(/\s?[AP]M$/i, "");

/** 8:04:12 */
export function exact(at: Moment): string {
  return withoutHalf(format("s", { hour: "numeric", minute: "2-digit", second: "2-digit" }).format(ms(at)));
}

/** 8:04:12 PM */
export function exactFull(at: Moment): string {
  return format("s", { hour: "numeric", minute: "2-digit", second: "2-digit" }).format(ms(at));
}

/** 8:04 */
export function short(at: Moment): string {
  return withoutHalf(shortFull(at));
}

/** 8:04 PM */
export function shortFull(at: Moment): string {
  return format("m", { hour: "numeric", minute: "2-digit" }).format(ms(at));
}

/** Nov 22, 2026 */
export function day(at: Moment): string {
  return format("d", { year: "numeric", month: "short", day: "numeric" }).format(ms(at));
}

/** Nov 22, 8:04 PM */
export function dayTime(at: Moment): string {
  const text = format("dt", { month: "short", day: "numeric", hour: "numeric", minute: "2-digit" }).format(
    ms(at),
  );
  return text.replace(" at ", ", ");
}

/** Sunday, Nov 22 */
export function weekday(at: Moment): string {
  return format("wd", { weekday: "long", month: "short", day: "numeric" }).format(ms(at));
}

const count = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

/** 18 seconds, 3 minutes, 2 hours */
export function lasting(duration: number): string {
  const seconds = Math.max(0, Math.floor(duration / 1000));
  if (seconds < 90) return count(seconds, "second");
  if (seconds < 90 * 60) return count(Math.floor(seconds / 60), "minute");
  if (seconds < 36 * 3600) return count(Math.floor(seconds / 3600), "hour");
  return count(Math.floor(seconds / 86400), "day");
}

/** 18 s, 3 min, 2 h: for tiles */
export function lastingShort(duration: number): string {
  const seconds = Math.max(0, Math.floor(duration / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return count(Math.floor(seconds / 86400), "day");
}

/** 0:12, 14:05, 1:02:05. A second that has begun still counts: 0:00 means the limit is here. */
export function left(duration: number): string {
  const seconds = Math.max(0, Math.ceil(duration / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
