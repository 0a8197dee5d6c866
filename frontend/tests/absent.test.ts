import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Absent from "../src/board/Absent.svelte";
import { absent, bySignal, stillYours, standsFor } from "../src/board/order";
import type { GroupCard, IncidentCard, Tier, TileCard } from "../src/contract";
import { Announcer } from "../src/shell/announce";
import { scene } from "./fixture/cards.mjs";

const now = Date.parse("2026-11-22T20:12:00Z");
const cards = scene("calm", now) as (TileCard | GroupCard)[];
const group: GroupCard = {
  ...(cards.find((card) => card.kind === "group") as GroupCard),
  starts_at: new Date(now - 12 * 60_000).toISOString(),
};
const template = cards.find(
  (card) => card.kind === "tile" && card.group_session_id === group.group_session_id,
) as TileCard;
const late = (name: string, tier: Tier, rest: Partial<TileCard> = {}): TileCard => ({
  ...template,
  id: name,
  client_id: name,
  name,
  tier,
  marks: [],
  presence: { state: "not_here_yet", since: group.starts_at, ask: true },
  ...rest,
});
const names = (tiles: TileCard[], groups = [group]) => absent(tiles, groups).map(({ tile }) => tile.name);

test("late at moderate or above is an alert, by tier; below, the list of the group is enough", () => {
  const tiles = [
    late("Low", "low"),
    late("Moderate", "moderate"),
    late("None", "none"),
    late("Imminent", "imminent"),
    late("High", "high"),
  ];
  expect(names(tiles)).toEqual(["Imminent", "High", "Moderate"]);
});

test("only while nobody has answered it, and only in a group that is open", () => {
  const early = late("Early", "high");
  early.presence = { ...early.presence, ask: false };
  const excused = late("Excused", "high");
  excused.presence = { ...excused.presence, state: "excused" };
  expect(names([early, excused, late("Rung", "high", { incident_id: "x" })])).toEqual([]);
  expect(names([late("Ana", "high")], [{ ...group, state: "scheduled" }])).toEqual([]);
  expect(names([late("Ana", "high")], [{ ...group, state: "paused" }])).toEqual(["Ana"]);
});

test("every board has the same order when everything is equal", () => {
  const [a, b] = [late("Ana", "high"), late("Ben", "high")];
  expect(names([b, a])).toEqual(names([a, b]));
});

test("possible quiet signals stand by tier, then who has waited longest", () => {
  const since = (seconds: number) =>
    ({
      possible: "danger",
      source: "text",
      outside_told: false,
      since: new Date(now - seconds * 1000).toISOString(),
    }) as const;
  const tiles = [
    late("Moderate", "moderate", { signal: since(60) }),
    late("Later", "high", { signal: since(1) }),
    late("First", "high", { signal: since(9) }),
  ];
  expect(bySignal(tiles.map((tile) => ({ tile }))).map(({ tile }) => tile.name)).toEqual([
    "First",
    "Later",
    "Moderate",
  ]);
});

test("said once, when it becomes an alert; never again for the minutes", () => {
  const announcer = new Announcer();
  const list = absent([late("Ana R.", "moderate")], [group]);
  expect(announcer.hear([], now, list)).toEqual([
    { urgent: false, text: "Moderate. Ana R. is not here yet, 12 minutes after the start." },
  ]);
  expect(announcer.hear([], now + 60_000, list)).toEqual([]);
  expect(announcer.hear([], now + 61_000, [])).toEqual([]);
});

const sent: string[] = [];
beforeEach(() => {
  sent.length = 0;
  vi.useFakeTimers({ now, toFake: ["Date"] });
  vi.stubGlobal("fetch", (url: string) => {
    sent.push(url);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const shown = (tile: TileCard, live = true) => render(Absent, { absent: [{ tile, group }], live });
const path = `/api/group-sessions/${group.group_session_id}/clients/Ana R.`;

test("ringing takes two presses; excusing and seeing them one", async () => {
  shown(late("Ana R.", "moderate"));
  const ring = screen.getByRole("button", { name: "Ring, Ana R." });
  await fireEvent.click(ring);
  expect(sent).toEqual([]);
  expect(ring.textContent).toContain("Press again");
  await fireEvent.click(ring);
  await fireEvent.click(screen.getByRole("button", { name: "Excuse, Ana R." }));
  await fireEvent.click(screen.getByRole("button", { name: /^I see .*, Ana R\.$/ }));
  expect(sent).toEqual([`${path}/lost`, `${path}/excuse`, `${path}/seen`]);
});

test("whom nothing may ring is not offered to be rung, and says why", () => {
  shown(late("Ana R.", "high", { marks: [{ kind: "care", text: "Do not ring" }] }));
  expect(screen.queryByRole("button", { name: /^Ring/ })).toBe(null);
  expect(screen.getByRole("button", { name: "Open an alert, Ana R." })).toBeTruthy();
  expect(screen.getByText("Do not ring")).toBeTruthy();
});

test("not live: what was true then, and nothing to press", () => {
  shown(late("Ana R.", "high"), false);
  expect(screen.queryAllByRole("button")).toEqual([]);
  expect(screen.getByText(/^Not here yet, expected/)).toBeTruthy();
});

const mine = (owned: number, rest: Partial<IncidentCard> = {}): IncidentCard => ({
  ...(scene("mine", now).find((card) => (card as { kind: string }).kind === "incident") as IncidentCard),
  owned_until: new Date(now + owned * 1000).toISOString(),
  ...rest,
});

test("sixty seconds before it ends only the owner is asked whether they still have it", () => {
  expect(stillYours(mine(61), now)).toBe(false);
  expect(stillYours(mine(59), now)).toBe(true);
  expect(stillYours(mine(59, { mine: false }), now)).toBe(false);
  const verified = mine(59);
  expect(standsFor({ ...verified, presence: { ...verified.presence, state: "verified" } }, now)).toBe(
    undefined,
  );
});

test("the owner's screen reader hears it once for each end, quietly", () => {
  const announcer = new Announcer();
  const hear = (card: IncidentCard, at: number) =>
    announcer.hear([card], at).filter((one) => one.text.includes("Do you still?"));
  const card = mine(90, { order: [], somebody_answered: false, private_check: false });
  expect(hear(card, now)).toEqual([]);
  expect(hear(card, now + 31_000)).toEqual([
    { urgent: false, text: "You have Marcus T. Do you still? One minute left." },
  ]);
  expect(hear(card, now + 40_000)).toEqual([]);
  const renewed = { ...card, owned_until: new Date(now + 300_000).toISOString() };
  expect(hear(renewed, now + 41_000)).toEqual([]);
  expect(hear(renewed, now + 241_000)).toHaveLength(1);
});
