import { describe, expect, it } from "vitest";
import type { Step } from "../src/protocols/contract";
import { BOX, draw, inLines } from "../src/protocols/drawing";

const step = (id: string, next: Record<string, string>, more: Partial<Step> = {}): Step =>
  ({
    id,
    title: `Step ${id}`,
    role: "Lead",
    limit: "by 1 min",
    kind: "person",
    alongside: false,
    starts: [],
    branches: Object.entries(next).map(([outcome, to]) => ({
      outcome,
      answer: outcome,
      to,
      leads_to: to,
      silent: outcome === "timeout",
    })),
    ...more,
  }) as Step;

const STEPS = [
  step("first", { timeout: "second", agreed: "third" }, { starts: ["watch"] }),
  step("second", { timeout: "last", agreed: "third" }),
  step("third", { timeout: "last", back: "first", over: "end:done" }),
  step("last", { timeout: "last", again: "second" }, { kind: "page" }),
  step("watch", { timeout: "watch", seen: "nothing" }, { alongside: true }),
];
const ALONE = ["first", "second", "last"];

describe("the drawing of a protocol", () => {
  for (const columns of [1, 2, 4]) {
    it(`puts no box on another, in ${columns} columns`, () => {
      const { boxes, width, height } = draw(STEPS, ALONE, columns);
      for (const one of boxes) {
        expect(one.x + BOX.width).toBeLessThanOrEqual(width);
        expect(one.y + BOX.height).toBeLessThanOrEqual(height);
        for (const other of boxes) {
          if (one === other) continue;
          const apart = Math.abs(one.x - other.x) >= BOX.width || Math.abs(one.y - other.y) >= BOX.height;
          expect(apart, `${one.id} and ${other.id}`).toBe(true);
        }
      }
    });
  }

  it("has one line for each pair, with every answer that leads there", () => {
    const { lines } = draw(STEPS, ALONE, 3);
    const pairs = lines.map((line) => `${line.from} ${line.to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(pairs.sort()).toEqual(
      [
        "first second",
        "first third",
        "first watch",
        "last second",
        "second last",
        "second third",
        "third first",
        "third last",
      ].sort(),
    );
    expect(lines.find((line) => line.from === "third" && line.to === "first")?.kind).toBe("back");
    expect(lines.find((line) => line.from === "first" && line.to === "second")?.silent).toBe(true);
  });

  it("goes down from what comes first, silence in the first column", () => {
    const { boxes } = draw(STEPS, ALONE, 3);
    const at = Object.fromEntries(boxes.map((box) => [box.id, box]));
    expect(at.first!.y).toBeLessThan(at.second!.y);
    expect(at.second!.y).toBeLessThan(at.last!.y);
    expect(at.first!.x).toBe(at.second!.x);
    expect(at.watch!.x).toBeGreaterThan(at.first!.x);
    expect(at.watch!.y).toBe(at.first!.y);
  });

  it("fits a phone in one column, in the order of the file", () => {
    const { boxes, width } = draw(STEPS, ALONE, 1);
    expect(width).toBeLessThanOrEqual(358);
    expect(boxes.map((box) => box.y)).toEqual([...boxes.map((box) => box.y)].sort((a, b) => a - b));
  });

  it("breaks a title into two lines and says when there is more", () => {
    expect(inLines("Short")).toEqual(["Short"]);
    const long = inLines("Decide whether to ring someone the client named; you press, you speak");
    expect(long).toHaveLength(2);
    expect(long[1]).toMatch(/…$/);
  });
});
