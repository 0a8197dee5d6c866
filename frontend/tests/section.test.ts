import { expect, test } from "vitest";
import type { Kept } from "../src/clients/kept.svelte";
import { SectionForm, type Page } from "../src/clients/section.svelte";
import { house } from "../src/clients/sections";

/** A record as far as the section reads it, and what is kept of typing, in memory. */
const pageOf = (version: number, known: object) =>
  ({
    record: { version, ...known },
    revealed: undefined,
    reveal: () => Promise.resolve(undefined),
  }) as unknown as Page;
function keeps() {
  const drafts = new Map<string, Record<string, string>>();
  const kept = {
    of: (form: string) => (drafts.has(form) ? { answers: drafts.get(form), saved_at: 0 } : undefined),
    keep: (form: string, answers: Record<string, string>) => drafts.set(form, answers),
    forget: (form: string) => drafts.delete(form),
  };
  return { drafts, kept: kept as unknown as Kept };
}

test("what is kept of typing is only what was typed, with the version it was begun on", () => {
  const { drafts, kept } = keeps();
  const form = new SectionForm("house", house.answers, kept);
  form.start(pageOf(4, { household: "Thin walls." }));
  form.set("household", "Thin walls, and a baby.");
  expect(drafts.get("house")).toEqual({ version: "4", household: "Thin walls, and a baby." });
  form.set("household", "Thin walls.");
  expect(drafts.size).toBe(0);
});

test("going on later leaves alone what a colleague wrote into another answer meanwhile", () => {
  const { kept } = keeps();
  const before = new SectionForm("house", house.answers, kept);
  before.start(pageOf(4, {}));
  before.set("household", "Thin walls.");
  const after = new SectionForm("house", house.answers, kept);
  after.start(pageOf(5, { living_together: { with_whom: "Samir" } }));
  expect(after.texts["household"]).toBe("Thin walls.");
  expect(after.texts["living_together.with_whom"]).toBe("Samir");
});
