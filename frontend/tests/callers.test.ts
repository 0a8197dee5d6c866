import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Callers from "../src/board/Callers.svelte";
import { callerName, callersOf, isRinging } from "../src/board/callers";
import { clock } from "../src/clock.svelte";
import type { CallerCard } from "../src/contract";
import { prefs } from "../src/prefs.svelte";
import { Announcer } from "../src/shell/announce";

const now = Date.parse("2026-11-22T20:12:00Z");
const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
const card = (rest: Partial<CallerCard> = {}): CallerCard => ({
  kind: "caller",
  id: "caller:1",
  caller_id: "1",
  who: "client",
  name: "Ana R.",
  client_id: "c1",
  incident_id: null,
  tier: "low",
  state: "missed",
  first_at: ago(300),
  last_at: ago(60),
  times: 2,
  number: "406-555-0101",
  ends: "01",
  cautions: [],
  rung_back_at: null,
  rung_back_by: null,
  ...rest,
});

const sent: [string, unknown][] = [];
beforeEach(() => {
  sent.length = 0;
  vi.useFakeTimers({ now, toFake: ["Date"] });
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    sent.push([url, JSON.parse(String(init.body ?? "{}"))]);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => {
  prefs.initials = false;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("the most urgent first, then who has waited longest; a number we do not know last", () => {
  const found = callersOf([
    card({ id: "unknown", who: "unknown", tier: null }),
    card({ id: "late", first_at: ago(10) }),
    card({ id: "early", first_at: ago(900) }),
    card({ id: "high", tier: "high" }),
  ]);
  expect(found.map(({ id }) => id)).toEqual(["high", "early", "late", "unknown"]);
});

test("a call whose end nobody told us does not look answered for ever", () => {
  expect(isRinging(card({ state: "ringing", last_at: ago(60) }), now)).toBe(true);
  expect(isRinging(card({ state: "ringing", last_at: ago(181) }), now)).toBe(false);
  render(Callers, { callers: [card({ state: "ringing", last_at: ago(181) })], live: true });
  expect(screen.getByText(/We cannot say that anybody answered/)).toBeTruthy();
});

test("ringing is calm: who it is, and nothing to press yet", () => {
  const lately = new Date(clock.now - 5000).toISOString();
  render(Callers, { callers: [card({ state: "ringing", last_at: lately })], live: true });
  expect(screen.getByText(/Is ringing us now/)).toBeTruthy();
  expect(screen.queryAllByRole("button")).toEqual([]);
});

test("ring back by hand; a talk ends it, nobody there keeps it, nothing needed takes two presses", async () => {
  render(Callers, { callers: [card()], live: true });
  expect(screen.getByRole("link", { name: "Ring back 406-555-0101" }).getAttribute("href")).toBe(
    "tel:406-555-0101",
  );
  await fireEvent.click(screen.getByRole("button", { name: "Rang back, nobody answered, Ana R." }));
  await fireEvent.click(screen.getByRole("button", { name: "I spoke with them, Ana R." }));
  const nothing = screen.getByRole("button", { name: "Nothing is needed, Ana R." });
  await fireEvent.click(nothing);
  expect(sent).toHaveLength(2);
  await fireEvent.click(nothing);
  expect(sent).toEqual([
    ["/api/callers/1/rung-back", {}],
    ["/api/callers/1/handled", { outcome: "spoke" }],
    ["/api/callers/1/handled", { outcome: "nothing_needed" }],
  ]);
});

test("where nobody should ring there is no number, and it says why", () => {
  render(Callers, { callers: [card({ number: null, cautions: ["not_safe"] })], live: true });
  expect(screen.queryByRole("link", { name: /^Ring back/ })).toBe(null);
  expect(screen.getByText(/Do not ring this number/)).toBeTruthy();
});

test("not live: the telephone remains, the presses go", () => {
  render(Callers, { callers: [card()], live: false });
  expect(screen.getByRole("link", { name: "Ring back 406-555-0101" })).toBeTruthy();
  expect(screen.queryAllByRole("button")).toEqual([]);
});

test("initials hide every name, also of two on one line", () => {
  prefs.initials = true;
  expect(callerName(card({ name: "Ana R. or Ben S." }))).toBe("AR or BS");
  expect(callerName(card({ who: "contact" }))).toBe("A contact of AR");
});

test("said once to screen readers, when nobody answered", () => {
  const announcer = new Announcer();
  const hear = (one: CallerCard, at = now) => announcer.hear([], at, [], [one]);
  expect(hear(card({ state: "ringing", last_at: ago(5) }))).toEqual([]);
  expect(hear(card())).toEqual([{ urgent: false, text: "Ana R. rang us, and nobody answered." }]);
  expect(hear(card(), now + 1000)).toEqual([]);
});
