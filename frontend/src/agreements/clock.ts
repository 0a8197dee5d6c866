/**
 * Where an agreement stands, by its own times: a screen counts down, asks and says "missed" by itself, also while no
 * engine writes anything down. Pure.
 */
export interface Times {
  until: string;
  lapses_at: string;
  answered: boolean;
  check_wanted_at: string | null;
}

export type Stands =
  | { is: "standing"; left: number }
  | { is: "asked"; left: number }
  | { is: "missed"; since: number }
  | { is: "check"; since: number };

export function standsAt(mark: Times, now: number): Stands {
  const wanted = mark.check_wanted_at ? Date.parse(mark.check_wanted_at) : undefined;
  if (mark.answered) return { is: "check", since: now - (wanted ?? now) };
  const until = Date.parse(mark.until);
  const lapses = Date.parse(mark.lapses_at);
  if (now >= lapses) return { is: "missed", since: now - lapses };
  if (now >= until) return { is: "asked", left: lapses - now };
  return { is: "standing", left: until - now };
}

/** A new check may be asked for beside one that counts down. */
export const checkToo = (mark: Times, now: number): boolean =>
  mark.check_wanted_at !== null && standsAt(mark, now).is !== "check" && standsAt(mark, now).is !== "missed";
