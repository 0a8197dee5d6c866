import { expect, test } from "vitest";
import type { IncidentCard } from "../src/contract";
import { Announcer } from "../src/shell/announce";
import { engineState } from "../src/shell/engine";
import { scene } from "./fixture/cards.mjs";

const now = Date.parse("2026-11-22T20:04:00Z");
const marcus = (scene("evening", now) as { kind: string }[]).find(
  (card) => card.kind === "incident",
) as IncidentCard;
const said = (announcer: Announcer, card: IncidentCard, at: number) =>
  announcer.hear([card], at).map((one) => `${one.urgent ? "alert" : "status"}: ${one.text}`);

test("thresholds are said once each; the seconds between them never", () => {
  const announcer = new Announcer();
  expect(said(announcer, marcus, now)).toEqual([
    "alert: High. Marcus T. lost connection. Nobody has this yet.",
  ]);
  expect(said(announcer, marcus, now + 1000)).toEqual([]);
  expect(said(announcer, marcus, now + 2000)).toEqual(["alert: Marcus T.: 10 seconds to the limit."]);
  expect(said(announcer, marcus, now + 3000)).toEqual([]);
  expect(said(announcer, marcus, now + 12_001)).toEqual(["alert: Marcus T.: the limit has passed."]);
  expect(said(announcer, marcus, now + 20_000)).toEqual([]);
});

test("who has it is said, and when nobody has it any more", () => {
  const announcer = new Announcer();
  announcer.hear([marcus], now);
  const taken = { ...marcus, owner: { id: "j", name: "Jon Bell" } };
  expect(said(announcer, taken, now + 500)).toEqual(["status: Jon Bell has Marcus T."]);
  expect(said(announcer, marcus, now + 900)).toEqual(["alert: Nobody has Marcus T. any more."]);
});

test("somebody answered is always urgent", () => {
  const announcer = new Announcer();
  const low: IncidentCard = { ...marcus, tier: "low" };
  announcer.hear([low], now);
  expect(said(announcer, { ...low, somebody_answered: true }, now + 500)).toEqual([
    "alert: Somebody answered for Marcus T. Speak now.",
  ]);
});

test("an engine that stopped looking is seen from the beat, and from the beats that stop", () => {
  const at = new Date(now).toISOString();
  const health = { at, engine_tick: at, engine_held: false, overdue_steps: 0, telephone: "ok" } as const;
  expect(engineState(health, now + 5000)).toBe("on time");
  expect(engineState({ ...health, overdue_steps: 2 }, now)).toBe("overdue");
  expect(engineState({ ...health, engine_held: true }, now)).toBe("held");
  expect(engineState({ ...health, engine_tick: new Date(now - 6000).toISOString() }, now)).toBe("stopped");
  expect(engineState({ ...health, engine_tick: null }, now)).toBe("stopped");
  expect(engineState(health, now + 20_000)).toBe("stopped");
});
