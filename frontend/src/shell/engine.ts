import type { Health } from "../contract";

/** The engine looks every 250 ms; a tick this old means that no step will start by itself. */
const STOPPED_MS = 5000;
/** A beat is up to two beats old when it is read. */
const BEAT_MS = 10_500;

export type EngineState = "on time" | "overdue" | "stopped" | "held";

export function engineState(health: Health, now: number): EngineState {
  if (health.engine_held) return "held";
  const tick = health.engine_tick === null ? 0 : Date.parse(health.engine_tick);
  const atBeat = Date.parse(health.at) - tick;
  if (atBeat > STOPPED_MS || now - tick > STOPPED_MS + BEAT_MS) return "stopped";
  return health.overdue_steps > 0 ? "overdue" : "on time";
}
