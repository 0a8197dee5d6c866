/** Days and times as people type them, in the program's time zone, whatever the laptop thinks. */

const parts = (zone: string) =>
  new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });

function wall(at: number, zone: string): Record<string, string> {
  return Object.fromEntries(
    parts(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
}

/** How far the zone's wall clock is ahead of UTC at this moment, in ms. */
function ahead(at: number, zone: string): number {
  const w = wall(at, zone);
  const shown = Date.UTC(
    Number(w.year),
    Number(w.month) - 1,
    Number(w.day),
    Number(w.hour),
    Number(w.minute),
    Number(w.second),
  );
  return shown - Math.floor(at / 1000) * 1000;
}

/**
 * "2026-11-22" and "19:30" to an ISO moment; undefined when either is missing. In the hour that a change of clocks
 * skips, the later reading holds; in the hour it repeats, the first.
 */
export function momentOf(day: string, time: string, zone: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || !/^\d{2}:\d{2}/.test(time)) return undefined;
  const shown = Date.parse(`${day}T${time.slice(0, 5)}:00Z`);
  if (Number.isNaN(shown)) return undefined;
  const guess = shown - ahead(shown, zone);
  // The offset may differ between the guess and the first reading of the clock: look once more from there.
  return new Date(shown - ahead(guess, zone)).toISOString();
}

export function dayOf(at: string | number, zone: string): string {
  const w = wall(typeof at === "number" ? at : Date.parse(at), zone);
  return `${w.year}-${w.month}-${w.day}`;
}

export function timeOf(at: string | number, zone: string): string {
  const w = wall(typeof at === "number" ? at : Date.parse(at), zone);
  return `${w.hour}:${w.minute}`;
}
