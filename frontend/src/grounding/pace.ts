import type { Pace } from "./contract";

/** Where a paced breath is: which part, which count of it (from one), and how many rounds are done. Pure. */
export interface Beat {
  part: number;
  count: number;
  of: number;
  round: number;
}

export const roundSeconds = (pace: Pace): number => pace.parts.reduce((sum, part) => sum + part.seconds, 0);

/** undefined: all rounds are done. */
export function beatAt(pace: Pace, elapsedMs: number): Beat | undefined {
  const whole = roundSeconds(pace);
  const second = Math.floor(Math.max(0, elapsedMs) / 1000);
  const round = Math.floor(second / whole);
  if (round >= pace.rounds) return undefined;
  let left = second % whole;
  for (const [part, { seconds }] of pace.parts.entries()) {
    if (left < seconds) return { part, count: left + 1, of: seconds, round };
    left -= seconds;
  }
  return undefined;
}
