import { describe, expect, test } from "vitest";
import type { IncidentCard, StepView } from "../src/contract";
import {
  byUrgency,
  callNow,
  changeable,
  nextStep,
  pressable,
  rail,
  underWay,
  waiting,
} from "../src/board/order";
import { countdown } from "../src/countdown";
import { scene } from "./fixture/cards.mjs";

const now = Date.parse("2026-11-22T20:04:00Z");
const template = (scene("evening", now) as { kind: string }[]).find(
  (card) => card.kind === "incident",
) as IncidentCard;
const step = (id: string, seconds: number, rest: Partial<StepView> = {}): StepView => ({
  ...(template.order[0] as StepView),
  id,
  limit_at: new Date(now + seconds * 1000).toISOString(),
  ...rest,
});
const incident = (id: string, rest: Partial<IncidentCard>): IncidentCard => ({
  ...template,
  id,
  incident_id: id,
  ...rest,
});
const ids = (list: readonly IncidentCard[]) => list.map((one) => one.id);
const sam = { id: "s", name: "Sam Okafor" };

describe("the rail", () => {
  test("unowned first, then tier, then time left", () => {
    const list = [
      incident("owned imminent", { tier: "imminent", owner: sam }),
      incident("high later", { tier: "high", order: [step("1", 50)] }),
      incident("low", { tier: "low", order: [step("2", 5)] }),
      incident("high sooner", { tier: "high", order: [step("3", 10)] }),
      incident("imminent", { tier: "imminent", order: [step("4", 90)] }),
    ];
    expect(ids(byUrgency(list))).toEqual(["imminent", "high sooner", "high later", "low", "owned imminent"]);
  });

  test("somebody with no clock left stands after those who have one, and never falls off", () => {
    const list = [incident("none left", { order: [] }), incident("running", { order: [step("1", 500)] })];
    expect(ids(byUrgency(list))).toEqual(["running", "none left"]);
  });

  test("every board has the same order when everything is equal", () => {
    const [a, b] = [incident("a", {}), incident("b", {})];
    expect(ids(byUrgency([b, a]))).toEqual(["a", "b"]);
  });

  test("from the third unowned on, one stays open and the others are one line; owned stay whole", () => {
    const unowned = ["1", "2", "3"].map((id) => incident(id, { owner: null }));
    const owned = incident("o", { owner: sam });
    expect(ids(rail([...unowned.slice(0, 2), owned]).open)).toEqual(["1", "2", "o"]);
    const many = rail([...unowned, owned]);
    expect(ids(many.open)).toEqual(["1", "o"]);
    expect(ids(many.lines)).toEqual(["2", "3"]);
  });
});

describe("the next step", () => {
  test("a step that is already ringing no longer counts down", () => {
    const ringing = step("ring", -3, { status: "dialing", started_at: new Date(now).toISOString() });
    const card = incident("x", {
      in_hand: ringing,
      order: [step("text", 30), step("done", 1, { status: "done" })],
    });
    expect(nextStep(card)?.id).toBe("text");
  });

  test("taking it has its own button: the clock to show is the first call's", () => {
    const card = incident("x", {
      order: [step("a", 10, { key: "assign", waits_for_person: true }), step("ring", 30)],
    });
    expect(nextStep(card)?.id).toBe("ring");
  });

  test("foretold steps share the incident's id and still are steps of their own, without buttons", () => {
    const foretold = (key: string, seconds: number) => step("x", seconds, { key });
    const card = incident("x", { order: [step("row", 10), foretold("text", 30), foretold("backup", 60)] });
    expect(waiting(card).map((one) => one.key)).toEqual(["first-call", "text", "backup"]);
    expect(waiting(card).map((one) => pressable(card, one))).toEqual([true, false, false]);
  });

  test("before the first call has a row, calling now cuts the wait for somebody short", () => {
    const wait = step("wait", 10, { key: "assign", waits_for_person: true });
    const card = incident("x", { in_hand: wait, order: [wait, step("x", 30)] });
    expect(callNow(card)?.id).toBe("wait");
    expect(changeable(card).map((one) => one.id)).toEqual(["wait"]);
  });

  test("a call that rings can be stopped and skipped, and is what is under way", () => {
    const ringing = step("ring", -3, { status: "dialing", started_at: new Date(now).toISOString() });
    const card = incident("x", { in_hand: ringing, order: [step("x", 30)] });
    expect(underWay(card)?.id).toBe("ring");
    expect(changeable(card).map((one) => one.id)).toEqual(["ring"]);
    expect(callNow(card)).toBeUndefined();
  });

  test("a step that waits for a person keeps its clock however long it is open", () => {
    const open = step("contact", 40, {
      key: "contact",
      waits_for_person: true,
      status: "dialing",
      started_at: "2026-11-22T20:03:00Z",
    });
    expect(nextStep(incident("x", { order: [], in_hand: open }))?.id).toBe("contact");
  });

  test("the one in hand and the order are one list, each once, soonest first", () => {
    const hand = step("hand", 20, { waits_for_person: true });
    const card = incident("x", { in_hand: hand, order: [step("later", 60), hand, step("soon", 10)] });
    expect(waiting(card).map((one) => one.id)).toEqual(["soon", "hand", "later"]);
  });
});

describe("a countdown", () => {
  const drop = now - 18_000;
  const limit = now + 12_000;

  test("runs, is near in its last third, is late after its limit", () => {
    expect(countdown(limit, drop, now, false)).toEqual({
      is: "running",
      remaining: 12_000,
      percent: 40,
      over: 0,
    });
    expect(countdown(limit, drop, limit - 9000, false).is).toBe("near");
    expect(countdown(limit, drop, limit, false).is).toBe("near");
    expect(countdown(limit, drop, limit + 7000, false)).toEqual({
      is: "late",
      remaining: 0,
      percent: 0,
      over: 7000,
    });
  });

  test("not live is stale, whatever the time", () => {
    expect(countdown(limit, drop, now, true).is).toBe("stale");
    expect(countdown(limit, drop, limit + 1, true).is).toBe("stale");
  });

  test("the bar is never fuller than full", () => {
    expect(countdown(limit, drop, drop - 5000, false).percent).toBe(100);
  });
});
