import { render, screen } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "../src/clock.svelte";
import Minute from "../src/code_words/Minute.svelte";
import { me } from "../src/me.svelte";
import { prefs } from "../src/prefs.svelte";

const words = createRawSnippet(() => ({ render: () => "<p>marble staircase</p>" }));

beforeEach(() => {
  vi.useFakeTimers();
  clock.start();
});
afterEach(() => {
  clock.stop();
  prefs.initials = false;
  me.covered = false;
  vi.useRealTimers();
});

function shown() {
  const cover = vi.fn();
  render(Minute, { seconds: 60, cover, children: words });
  return cover;
}

describe("words that are shown for a minute", () => {
  test("are covered when the minute is over, and not before", async () => {
    const cover = shown();
    vi.advanceTimersByTime(59_500);
    await tick();
    expect(screen.getByText("marble staircase")).toBeTruthy();
    expect(cover).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    await tick();
    expect(cover).toHaveBeenCalled();
    expect(screen.queryByText("marble staircase")).toBeNull();
  });

  test("keep their minute when the clock is corrected by the server", async () => {
    const cover = shown();
    clock.serverSaid(new Date(Date.now() + 90_000).toISOString());
    await tick();
    expect(cover).not.toHaveBeenCalled();
    expect(screen.getByText("marble staircase")).toBeTruthy();
  });

  test.each([
    ["names become initials, because the screen is shared", () => (prefs.initials = true)],
    ["the screen is locked", () => (me.covered = true)],
    [
      "another window comes in front",
      () => {
        vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
        document.dispatchEvent(new Event("visibilitychange"));
      },
    ],
  ])("are covered when %s", async (_, happens) => {
    const cover = shown();
    happens();
    await tick();
    expect(cover).toHaveBeenCalled();
  });

  test("are covered by a press", () => {
    const cover = shown();
    screen.getByRole("button", { name: "Cover now" }).click();
    expect(cover).toHaveBeenCalledOnce();
  });
});
