import { describe, expect, test } from "vitest";
import type { IncidentPage, StepLine } from "../src/incident/contract";
import {
  answers,
  clockStep,
  currentCalls,
  entries,
  fill,
  since,
  somebodyAnswered,
  took,
} from "../src/incident/facts";
import { answerWord, outcomeOfStep } from "../src/words/incident";
import { scene } from "./fixture/cards.mjs";
import { incidentPage } from "./fixture/pages.mjs";

const NOW = Date.parse("2026-11-22T20:05:00Z");
const DROP = "2026-11-22T20:04:42.000Z";
const page = (where: string): IncidentPage => {
  const card = scene("evening", NOW).find((one) => (one as { kind: string }).kind === "incident");
  return incidentPage(card, where, NOW) as IncidentPage;
};
const step = (change: Partial<StepLine>): StepLine => ({
  ...(page("contact").in_hand as StepLine),
  ...change,
});

describe("the clock of the page", () => {
  test("while nobody has it, people race with the first call and not with the question who takes it", () => {
    expect(clockStep(page("accept"))?.key).toBe("first-call");
  });
  test("a step that waits for a person counts to its own limit", () => {
    expect(clockStep(page("contact"))?.key).toBe("contact");
  });
  test("a call that has begun has done its part: the clock is the next step's", () => {
    const now = page("accept");
    const begun = step({
      id: "x",
      key: "first-call",
      action: "call.client",
      waits_for_person: false,
      status: "dialing",
      started_at: DROP,
    });
    expect(clockStep({ ...now, in_hand: begun, steps: [begun, ...now.steps.slice(2)] })?.key).toBe(
      "keep-trying",
    );
  });
  test("with nothing to come there is no clock", () => {
    expect(clockStep({ ...page("verified"), steps: [] })).toBeUndefined();
  });
});

describe("what a person may answer", () => {
  test("is what the rules offer, without what has a form of its own", () => {
    expect(answers(page("contact").in_hand as StepLine)).toEqual([
      "with_them",
      "going_to_check",
      "no_answer",
      "no_basis",
      "no_contact",
    ]);
  });
  test("a decision on responders needs a reason, so no bare button stands for it, nor for waiting", () => {
    expect(
      answers(step({ action: "page.deciders", outcomes: ["responders", "mobile_team", "wait"] })),
    ).toEqual([]);
  });
  test("waiting from elsewhere stays a button", () => {
    expect(answers(step({ action: "page.supervisor", outcomes: ["contact", "decide", "wait"] }))).toContain(
      "wait",
    );
  });
  test("only a telephone answers for a call", () => {
    expect(answers(step({ action: "call.client", outcomes: ["answered", "no_answer"] }))).toEqual([]);
  });
  test("somebody who asked not to be rung is reached by a person, so no word of a telephone stands there", () => {
    const outcomes = ["busy", "failed", "answered", "no_answer", "voicemail", "reached", "other_person"];
    expect(answers(step({ action: "person.staff_decide", outcomes }))).toEqual([
      "reached",
      "no_answer",
      "other_person",
    ]);
  });
  test("a step that is over takes none", () => {
    expect(answers(step({ status: "done" }))).toEqual([]);
  });
  test("words name the person, and an unknown one is still readable", () => {
    expect(answerWord("client", "Ana")).toBe("It is Ana");
    expect(answerWord("brand_new_word", "Ana")).toBe("Brand new word");
  });
});

describe("somebody answered: speak now", () => {
  test("until one of us is on the line or said that they spoke", () => {
    const now = page("answered");
    expect(somebodyAnswered(now)).toBe(true);
    expect(somebodyAnswered({ ...now, calls: now.calls.map((call) => ({ ...call, joined: true })) })).toBe(
      false,
    );
    expect(somebodyAnswered({ ...now, reached_at: DROP })).toBe(false);
  });
  test("a staff phone that was answered is no client", () => {
    const now = page("answered");
    expect(somebodyAnswered({ ...now, calls: now.calls.filter((call) => call.who === "staff") })).toBe(false);
  });
  test("calls that are over leave the list", () => {
    const now = page("answered");
    const over = now.calls.map((call) => ({ ...call, state: "ended" as const }));
    expect(currentCalls({ ...now, calls: over })).toEqual([]);
  });
});

describe("scripts", () => {
  const staff = { staffFirst: "Jon", staffName: "Jon Bell" };
  test("are said with the names that may be said", () => {
    const now = page("contact");
    const text = now.person.contacts[0]?.script ?? "";
    const said = fill(text, now, staff, "Elena");
    expect(said).toContain("Hello Elena, this is Jon. Marcus gave me your number");
    expect(said).toContain("503-555-0100");
    expect(said).not.toMatch(/[{}]/);
    expect(said).not.toContain("Thorne");
  });
  test("a blank that nobody can fill stays visible", () => {
    expect(fill("Ask {somebody_else}.", page("contact"), staff)).toBe("Ask {somebody_else}.");
  });
});

describe("steps and their times", () => {
  test("late says so, against the limit from the drop", () => {
    const late = page("contact").steps.find((one) => one.late_s > 0) as StepLine;
    expect(took(late, page("contact").drop_at)).toEqual({ took: "1:19", limit: "1:15", late: true });
  });
  test("what has not begun took nothing", () => {
    expect(took(step({ started_at: null, done_at: null }), DROP)).toBeUndefined();
  });
  test("28.9 seconds are the 28th second", () => {
    expect(since(28_900)).toBe("0:28");
    expect(since(-5)).toBe("0:00");
  });
  test("an outcome reads as a sentence's end", () => {
    expect(outcomeOfStep(step({ status: "done", outcome: "no_number" }))).toBe("no number we may use");
    expect(outcomeOfStep(step({ status: "unknown", outcome: null }))).toBe("we cannot say if this was done");
    expect(outcomeOfStep(step({ status: "pending", outcome: null }))).toBe("");
  });
});

describe("the timeline", () => {
  const lines = entries(page("contact").timeline);
  test("has the newest first", () => {
    expect(lines[0]?.text).toContain("Neighbour");
    expect(lines.at(-1)?.since).toBeUndefined();
  });
  test("says late, the note, and what was written down later", () => {
    expect(lines.find((line) => line.text.includes("ends 77"))?.meta).toBe("4 s late");
    expect(lines.find((line) => line.text.includes("tier"))?.meta).toBe(
      "“Was well at check-in. Not like him.”",
    );
    expect(lines[0]?.meta).toBe("written down later");
  });
  test("a person's act is told from a rule's and from a fact", () => {
    expect(new Set(lines.map((line) => line.by))).toEqual(new Set(["person", "rule", "fact"]));
  });
});
