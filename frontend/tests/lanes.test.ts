import { expect, test } from "vitest";
import type { GroupCard, IncidentCard, LaneView, RoomView, TileCard } from "../src/contract";
import {
  alarmed,
  asksOf,
  choosesLane,
  colleagues,
  mayTake,
  mayVouch,
  shown,
  stepsIn,
} from "../src/lanes/lanes";
import { Announcer } from "../src/shell/announce";
import { scene } from "./fixture/cards.mjs";

const now = Date.parse("2026-11-22T20:04:00Z");
const cards = scene("evening", now) as { kind: string }[];
const marcus = cards.find((card) => card.kind === "incident") as IncidentCard;
const evening = cards.find((card) => card.kind === "group") as GroupCard;
const tile = cards.find((card) => card.kind === "tile") as TileCard;
const ME = "me";
const jon = { id: "jon", name: "Jon Bell" };
const self = { id: ME, name: "Maya Reyes" };

const lane = (name: LaneView["lane"], more: Partial<LaneView> = {}): LaneView => ({
  lane: name,
  needed: true,
  state: "nobody",
  owner: null,
  ...more,
});
const held = (name: LaneView["lane"], owner: { id: string; name: string }, more: Partial<LaneView> = {}) =>
  lane(name, { state: "person", owner, ...more });
const of = (lanes: LaneView[], more: Partial<IncidentCard> = {}): IncidentCard => ({
  ...marcus,
  lanes,
  ...more,
});

test("an empty lane may be taken, a colleague's may not unless they are not heard from", () => {
  const group = lane("group");
  expect(mayTake(of([group]), group, ME)).toBe(true);
  const theirs = held("group", jon);
  expect(mayTake(of([theirs]), theirs, ME)).toBe(false);
  const silent = held("group", jon, { why: "board" });
  expect(mayTake(of([silent]), silent, ME)).toBe(true);
  expect(mayVouch(silent, ME)).toBe(true);
  expect(mayVouch(silent, "jon")).toBe(false);
});

test("eyes and calls are offered to two people, unless one is alone", () => {
  const lanes = [held("eyes", self), lane("caller")] as const;
  expect(mayTake(of([...lanes]), lanes[1], ME)).toBe(false);
  expect(mayTake(of([...lanes], { alone: true }), lanes[1], ME)).toBe(true);
});

test("the calls may be taken ahead, and only what matters is drawn", () => {
  const caller = lane("caller", { needed: false });
  const eyes = lane("eyes", { needed: false });
  expect(mayTake(of([caller]), caller, ME)).toBe(true);
  expect(mayTake(of([eyes]), eyes, ME)).toBe(false);
  expect(shown(of([eyes, held("group", jon), caller])).map((one) => one.lane)).toEqual(["group", "caller"]);
});

test("whoever is in the private room is not offered the group", () => {
  const room = { staff: self, joined_at: "2026-11-22T20:00:00Z" } as RoomView;
  const group = lane("group");
  expect(mayTake(of([group], { room }), group, ME)).toBe(false);
});

test("the two in the room choose, the co-facilitator steps in, those outside do neither", () => {
  const lead: GroupCard = { ...evening, my_role: "lead" };
  const here = of([], { presence: { ...marcus.presence, state: "present" } });
  expect(choosesLane(here, lead)).toBe(true);
  expect(choosesLane(of([]), lead)).toBe(false);
  expect(choosesLane(here, { ...evening, my_role: "supervisor" })).toBe(false);
  const asked = of([held("group", self), lane("caller", { asked: true })]);
  expect(stepsIn(asked, lead, ME)).toBe(true);
  expect(stepsIn(asked, { ...evening, my_role: "backup" }, ME)).toBe(false);
  expect(colleagues(evening, evening.lead?.id ?? "").some((one) => one.id === evening.lead?.id)).toBe(false);
});

test("a private room asks the one inside, then whoever is with the group, then everybody who may look", () => {
  const room = (more: Partial<RoomView>): TileCard => ({
    ...tile,
    room: {
      id: "r",
      staff: jon,
      stage: "inside",
      opened_at: "2026-11-22T20:00:00Z",
      joined_at: "2026-11-22T20:01:00Z",
      escalated_at: null,
      ...more,
    } as RoomView,
  });
  const lead: GroupCard = { ...evening, my_role: "lead" };
  const outside: GroupCard = { ...evening, my_role: "supervisor" };
  expect(asksOf(room({}), lead, ME)).toBeUndefined();
  expect(asksOf(room({ stage: "asked" }), lead, ME)).toBeUndefined();
  expect(asksOf(room({ stage: "asked", staff: self }), lead, ME)?.ask).toBe("fine");
  expect(asksOf(room({ stage: "asked", staff: self, joined_at: null }), lead, ME)?.ask).toBe("opening");
  expect(asksOf(room({ stage: "colleague" }), lead, ME)).toMatchObject({ ask: "colleague", loud: false });
  expect(asksOf(room({ stage: "colleague" }), outside, ME)).toBeUndefined();
  expect(asksOf(room({ stage: "supervisor" }), outside, ME)).toMatchObject({ ask: "supervisor", loud: true });
  const help = room({ escalated_at: "2026-11-22T20:03:00Z" });
  expect(asksOf(help, outside, ME)).toMatchObject({ ask: "escalated", loud: true });
});

test("a lane that nobody has is said once, and interrupts at imminent only", () => {
  const announcer = new Announcer();
  const owned: IncidentCard = { ...marcus, owner: jon };
  announcer.hear([owned], now);
  const empty = { ...owned, lanes: [lane("group", { alarm: true, why: "nobody" })] };
  expect(alarmed(empty)).toHaveLength(1);
  const words = (card: IncidentCard, at: number) =>
    announcer.hear([card], at).map((one) => `${one.urgent ? "alert" : "status"}: ${one.text}`);
  expect(words(empty, now + 100)).toContain("status: High. Nobody has the group: Marcus T.");
  expect(words(empty, now + 200)).toEqual([]);
  announcer.hear([{ ...owned, tier: "imminent" }], now + 300);
  expect(words({ ...empty, tier: "imminent" }, now + 400)).toContain(
    "alert: Imminent. Nobody has the group: Marcus T.",
  );
});
