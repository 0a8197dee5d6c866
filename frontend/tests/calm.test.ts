import { describe, expect, it } from "vitest";
import { checkToo, standsAt, type Times } from "../src/agreements/clock";
import { bodyOf, missing } from "../src/agreements/draft";
import { beatAt, roundSeconds } from "../src/grounding/pace";
import type { Pace } from "../src/grounding/contract";
import { grounding, smallSteps } from "../src/words/grounding";

const BOX: Pace = {
  rounds: 8,
  parts: (["in", "hold", "out", "wait"] as const).map((phase) => ({ phase, seconds: 4 })),
};
const EXHALE: Pace = {
  rounds: 12,
  parts: [
    { phase: "in", seconds: 4 },
    { phase: "out", seconds: 6 },
  ],
};
const at = (seconds: number): number => Date.parse("2027-03-01T20:00:00Z") + seconds * 1000;
const iso = (seconds: number): string => new Date(at(seconds)).toISOString();
const mark = (more: Partial<Times> = {}): Times => ({
  until: iso(0),
  lapses_at: iso(180),
  answered: false,
  check_wanted_at: null,
  ...more,
});

describe("a paced breath", () => {
  it("counts each part from one to its seconds", () => {
    const said = Array.from({ length: 10 }, (_, second) => {
      const beat = beatAt(EXHALE, second * 1000);
      return beat && `${EXHALE.parts[beat.part]?.phase ?? ""} ${beat.count}`;
    });
    expect(said).toEqual([
      "in 1", "in 2", "in 3", "in 4", "out 1", "out 2", "out 3", "out 4", "out 5", "out 6",
    ]); // prettier-ignore
  });

  it("goes round as often as it says, and is over then", () => {
    for (const pace of [BOX, EXHALE]) {
      const whole = roundSeconds(pace) * 1000;
      expect(beatAt(pace, -50)?.round).toBe(0);
      expect(beatAt(pace, whole * pace.rounds - 1)?.round).toBe(pace.rounds - 1);
      expect(beatAt(pace, whole * pace.rounds)).toBeUndefined();
    }
  });
});

describe("an agreement's own clock", () => {
  it("counts down, asks, and says missed, without a word from the server", () => {
    expect(standsAt(mark(), at(-60))).toEqual({ is: "standing", left: 60_000 });
    expect(standsAt(mark(), at(0))).toEqual({ is: "asked", left: 180_000 });
    expect(standsAt(mark(), at(200))).toEqual({ is: "missed", since: 20_000 });
  });

  it("asks for the check once it was answered", () => {
    const answered = mark({ answered: true, check_wanted_at: iso(10) });
    expect(standsAt(answered, at(70))).toEqual({ is: "check", since: 60_000 });
    expect(checkToo(answered, at(70))).toBe(false);
    expect(checkToo(mark({ check_wanted_at: iso(-600) }), at(-60))).toBe(true);
    expect(checkToo(mark(), at(-60))).toBe(false);
  });
});

describe("the agreement's form", () => {
  const draft = (answers: Record<string, string>) => ({ get: (field: string) => answers[field] ?? "" });

  it("asks for one step and a time, and no more", () => {
    expect(Object.values(missing(draft({}))).filter(Boolean)).toHaveLength(2);
    expect(Object.values(missing(draft({ body: "Water", minutes: "20" }))).filter(Boolean)).toEqual([]);
  });

  it("sends what was written, and nobody who holds nothing", () => {
    expect(bodyOf(draft({ means: " To Lee ", connection: "", body: "Water", minutes: "45" }))).toEqual({
      steps: [
        { kind: "means", words: "To Lee" },
        { kind: "body", words: "Water" },
      ],
      minutes: 45,
    });
    const held = bodyOf(
      draft({ body: "Water", minutes: "20", holder: "an-id", holds: "the key", witness: "w" }),
    );
    expect(held.holder).toEqual({ who: "contact", contact_id: "an-id", what: "the key" });
    expect(held.witness_id).toBe("w");
    const other = draft({ body: "x", minutes: "20", holder: "other", "holder-name": "Lou", holds: "keys" });
    expect(bodyOf(other).holder).toEqual({ who: "other", name: "Lou", what: "keys" });
  });
});

describe("what staff read", () => {
  it("says what was left out, and never how", () => {
    expect(smallSteps.hidden(1, ["heights"])).toBe("One step is left out that may lead towards heights.");
    expect(smallSteps.hidden(3, ["heights", "water", "medicines"])).toBe(
      "3 steps are left out that may lead towards heights, water and medicines.",
    );
  });

  it("tells an exercise in a line, without blame", () => {
    const done = {
      kind: "exhale",
      at: iso(0),
      who: "Sam",
      result: "stopped",
      before: 7,
      after: 4,
      words: null,
    } as const;
    expect(grounding.line(done, "Longer breath out")).toBe(
      "Longer breath out, they stopped, which is fine, distress 7 to 4",
    );
  });
});
