import { describe, expect, test } from "vitest";
import type { CallMade, EmergencyNow } from "../src/emergency/contract";
import { answeredAfter, clockOf, expectedAt, marked, sent, standing } from "../src/emergency/facts";

const call = (change: Partial<CallMade>): CallMade => ({
  id: "one",
  line_id: "line",
  agency: "Harrow County dispatch",
  number: "541-555-0119",
  by: "Jon Bell",
  mine: true,
  dialed_at: "2026-11-22T20:30:40.000Z",
  answered_at: null,
  held_since: null,
  ended_at: null,
  outcome: null,
  eta_minutes: null,
  reference: null,
  ...change,
});
const now = (calls: CallMade[], declared = true): EmergencyNow => ({
  declared_by: declared ? { id: "maya", name: "Maya Reyes" } : null,
  declared_at: declared ? "2026-11-22T20:30:24.000Z" : null,
  stood_down_at: null,
  limit_at: declared ? "2026-11-22T20:32:24.000Z" : null,
  grounds: [],
  calls,
  next: { what: "first", line_id: "line" },
  marks: [{ key: "read.place", state: "done", words: null, by: "Jon Bell", at: "2026-11-22T20:31:40.000Z" }],
  helpers: [],
  stand_down: null,
});
const card = { lost_at: "2026-11-22T20:20:00.000Z" };

describe("the one clock of an emergency", () => {
  test("counts to the limit until somebody dials", () => {
    expect(clockOf(card, now([]))).toMatchObject({ is: "limit", limitAt: "2026-11-22T20:32:24.000Z" });
  });
  test("without a declaration it counts from the loss", () => {
    expect(clockOf(card, now([], false))).toEqual({ is: "lost", since: card.lost_at });
  });
  test("rings, talks, waits on hold", () => {
    expect(clockOf(card, now([call({})])).is).toBe("ringing");
    const answered = call({ answered_at: "2026-11-22T20:31:26.000Z" });
    expect(clockOf(card, now([answered])).is).toBe("talking");
    expect(answeredAfter(answered, now([answered]))).toBe(62_000);
    expect(answeredAfter(answered, now([answered], false))).toBeUndefined();
    expect(clockOf(card, now([call({ ...answered, held_since: "2026-11-22T20:31:40.000Z" })])).is).toBe(
      "held",
    );
  });
  test("then counts to the time that they said, or from the moment they said it", () => {
    const done = call({ outcome: "dispatched", ended_at: "2026-11-22T20:33:00.000Z", eta_minutes: 12 });
    expect(expectedAt(done)).toBe("2026-11-22T20:45:00.000Z");
    expect(clockOf(card, now([done])).is).toBe("expected");
    expect(clockOf(card, now([{ ...done, eta_minutes: null }])).is).toBe("sent");
    expect(sent(now([done]))?.id).toBe("one");
  });
  test("of two phones the newer call counts, and a tick is found by its key", () => {
    const two = now([call({}), call({ id: "two" })]);
    expect(standing(two)?.id).toBe("two");
    expect(marked(two, "read.place")?.by).toBe("Jon Bell");
    expect(marked(two, "read.who")).toBeUndefined();
  });
});
