/** The states of a countdown, as pure values: running, near (last third), late, stale (not live). */
export type CountdownState =
  | { is: "running" | "near"; remaining: number; percent: number; over: 0 }
  | { is: "late"; remaining: 0; percent: 0; over: number }
  | { is: "stale"; remaining: 0; percent: 0; over: 0 };

export function countdown(
  limit: number,
  from: number | undefined,
  now: number,
  notLive: boolean,
): CountdownState {
  if (notLive) return { is: "stale", remaining: 0, percent: 0, over: 0 };
  if (now > limit) return { is: "late", remaining: 0, percent: 0, over: now - limit };
  const remaining = limit - now;
  const whole = from === undefined ? 0 : limit - from;
  const share = whole > 0 ? Math.min(1, remaining / whole) : 1;
  return {
    is: share <= 1 / 3 ? "near" : "running",
    remaining,
    percent: Math.round(share * 100),
    over: 0,
  };
}
