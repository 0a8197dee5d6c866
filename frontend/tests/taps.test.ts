import { expect, test } from "vitest";
import { tapsFor } from "../src/board/taps";
import type { PresenceWord, TileCard } from "../src/contract";
import { pronounsOf } from "../src/words";
import { scene } from "./fixture/cards.mjs";

const template = (scene("calm") as TileCard[]).find((card) => card.kind === "tile") as TileCard;
const since = "2026-11-22T20:00:00Z";
const offered = (state: PresenceWord, rest: Partial<TileCard> = {}) => {
  const tile = { ...template, presence: { state, since }, ...rest };
  const { first, more } = tapsFor(tile, pronounsOf("she/her", "Ana"), 0);
  return { first: first.map((tap) => tap.path), more: more.map((tap) => tap.path) };
};

test("the board asks, the tile answers", () => {
  expect(offered("quiet").first).toEqual(["seen", "lost"]);
  expect(offered("not_here_yet").first).toEqual([]);
  const late = { presence: { state: "not_here_yet" as const, since, ask: true } };
  expect(offered("not_here_yet", { ...late, tier: "low" }).first).toEqual(["lost", "excuse"]);
  // From moderate on it is an alert, and the answers stand there.
  expect(offered("not_here_yet", { ...late, tier: "moderate" }).first).toEqual([]);
  expect(offered("away").first).toEqual(["back"]);
  expect(offered("present").first).toEqual([]);
});

test("with an open alert the answer stands on the alert, not twice", () => {
  expect(offered("lost").first).toEqual(["seen"]);
  const withAlert = offered("lost", { incident_id: "x" });
  expect(withAlert.first).toEqual([]);
  expect(withAlert.more).toContain("not-responding");
});

test("no tap is offered twice on one tile", () => {
  for (const state of [
    "present",
    "quiet",
    "left",
    "lost",
    "not_responding",
    "away",
    "private_room",
  ] as const) {
    const { first, more } = offered(state);
    expect(new Set([...first, ...more]).size).toBe(first.length + more.length);
  }
});

test("ringing somebody takes two presses", () => {
  const { first } = tapsFor(
    { ...template, tier: "low", presence: { state: "not_here_yet", since, ask: true } },
    pronounsOf("she/her", "Ana"),
    0,
  );
  expect(first.find((tap) => tap.path === "lost")?.sure).toBeTruthy();
});
