import { fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import Tile from "../src/board/Tile.svelte";
import { clock } from "../src/clock.svelte";
import type { GroupCard, TileCard } from "../src/contract";
import { scene } from "./fixture/cards.mjs";

/** R7: camera off, no answer. The minute is the server's, the same on every board. */
const cards = scene("calm") as (TileCard | GroupCard)[];
const group = cards.find((card) => card.kind === "group") as GroupCard;
const template = cards.find(
  (card) => card.kind === "tile" && card.group_session_id === group.group_session_id,
) as TileCard;
const at = (seconds: number) => new Date(clock.now + seconds * 1000).toISOString();
const tile = (watch: number | null): TileCard => ({
  ...template,
  presence: { state: "present", since: at(-900), watch_until: watch === null ? null : at(watch) },
});
const shown = (card: TileCard, live = true) =>
  render(Tile, { card, group: { ...group, state: "open" }, incident: undefined, live });

const sent: string[] = [];
beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", (url: string) => {
    sent.push(url);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
});
afterEach(() => vi.unstubAllGlobals());

test("one tap starts it on the server, for every board", async () => {
  shown(tile(null));
  await fireEvent.click(screen.getByRole("button", { name: "Camera off, no answer", hidden: true }));
  const path = `/api/group-sessions/${template.group_session_id}/clients/${template.client_id}/camera-off`;
  expect(sent).toEqual([path]);
});

test("while the minute runs the board counts, and offers only that they are seen", () => {
  const { container } = shown(tile(42));
  expect(screen.getByText(/No answer, camera off\. Asking for 0:4\d more/)).toBeTruthy();
  const buttons = [...container.querySelectorAll("footer > .button:not([aria-label])")].map((one) =>
    one.textContent?.trim(),
  );
  expect(buttons).toHaveLength(1);
  expect(buttons[0]).toMatch(/^I see /);
});

test("after the minute it offers not responding, and does nothing by itself", async () => {
  const { container } = shown(tile(-1));
  expect(screen.getByText("No answer for a minute")).toBeTruthy();
  expect(sent).toEqual([]);
  const offered = [...container.querySelectorAll<HTMLElement>("footer > .button:not([aria-label])")];
  expect(offered.map((one) => one.textContent?.trim())[1]).toBe("Not responding");
  await fireEvent.click(offered[1] as HTMLElement);
  expect(sent[0]).toMatch(/\/not-responding$/);
});

test("not live: no countdown that nobody keeps", () => {
  shown(tile(42), false);
  expect(screen.queryByText(/Asking for/)).toBe(null);
});
