import { describe, expect, test } from "vitest";
import type { Answers, Screener, TierRules } from "../src/check/contract";
import { evaluate, evaluated, joined, merged, NOTHING, screened } from "../src/check/rules";
import { gentleHints } from "../src/words/gentle";
import file from "./fixture/tier-cases.json";

interface Case {
  answers: Answers;
  tier: string | null;
  assessed: boolean;
  rules: string[];
}
const rules = file.rules as unknown as TierRules;
const cases = file.cases as unknown as Case[];

describe("the tier rules in the browser", () => {
  test("say of every case what the server says", () => {
    expect(cases).toHaveLength(300);
    for (const one of cases) {
      const found = evaluate(rules, one.answers);
      expect({
        ...one,
        tier: found.tier,
        assessed: found.assessed,
        rules: found.matches.map(({ id }) => id),
      }).toEqual(one);
    }
  });

  test("never make none of what was not asked", () => {
    expect(evaluate(rules, {})).toEqual({ tier: null, assessed: false, matches: [] });
    expect(evaluate(rules, { ideation: "none" }).tier).toBe("none");
  });
});

describe("what was tapped", () => {
  test("counts over what is kept, and null goes back to not asked", () => {
    const kept = { ...NOTHING, answers: { intent: "no", means: "none" } };
    const after = merged(kept, { answers: { intent: null, plan: "vague" }, observed: ["tearful"] });
    expect(after.answers).toEqual({ means: "none", plan: "vague" });
    expect(after.observed).toEqual(["tearful"]);
  });

  test("is one save when it waits, and the later tap counts", () => {
    expect(joined({ answers: { intent: "no" }, words: "a" }, { answers: { intent: "yes" } })).toEqual({
      answers: { intent: "yes" },
      words: "a",
    });
  });
});

test("the screener comes to its highest yes among what is asked", () => {
  const item = (name: string, suggests: string, only_after: string | null = null) => ({
    item: name,
    suggests,
    only_after,
    words: "",
    loinc: "",
  });
  const held = {
    items: [item("2", "low"), item("4", "high", "2"), item("6", "moderate")],
  } as unknown as Screener;
  expect(screened(held, { "4": "yes" })).toBeUndefined();
  expect(screened(held, { "2": "yes", "4": "yes" })).toBe("high");
  expect(screened(held, { "2": "no", "6": "no" })).toBe("none");
  expect(evaluated({ ...NOTHING, screener: { "6": "yes" } }, "lost_plain", held)).toEqual({
    signal: "lost_plain",
    screener: "moderate",
  });
});

describe("gentle words", () => {
  test.each([
    ["She committed suicide in May", 1],
    ["a failed attempt, manipulative and non-compliant", 3],
    ["attention-seeking frequent flyer", 2],
    ["She died by suicide. He declined. We are committed to her.", 0],
  ])("%s", (text, hints) => {
    expect(gentleHints(text)).toHaveLength(hints);
  });
});
