import { describe, expect, test } from "vitest";
import type { GroupSessionRow } from "../src/groups/contract";
import { sorted } from "../src/groups/when";
import { readable } from "../src/number";
import { tally } from "../src/prepare/tally";
import { dayOf, momentOf, timeOf } from "../src/zoned";

describe("days and times as people type them", () => {
  test("in the program's zone, summer and winter", () => {
    expect(momentOf("2026-11-22", "19:30", "America/Denver")).toBe("2026-11-23T02:30:00.000Z");
    expect(momentOf("2026-07-04", "19:30", "America/Denver")).toBe("2026-07-05T01:30:00.000Z");
    expect(momentOf("2026-11-22", "00:00", "Asia/Kathmandu")).toBe("2026-11-21T18:15:00.000Z");
  });
  test("around the changes of the clocks", () => {
    // 2026-03-08 02:30 does not exist in Denver; 2026-11-01 01:30 exists twice.
    const skipped = momentOf("2026-03-08", "02:30", "America/Denver") ?? "";
    expect(["2026-03-08T08:30:00.000Z", "2026-03-08T09:30:00.000Z"]).toContain(skipped);
    const twice = momentOf("2026-11-01", "01:30", "America/Denver") ?? "";
    expect(timeOf(twice, "America/Denver")).toBe("01:30");
    expect(momentOf("2026-03-08", "03:30", "America/Denver")).toBe("2026-03-08T09:30:00.000Z");
    expect(momentOf("2026-11-01", "03:30", "America/Denver")).toBe("2026-11-01T10:30:00.000Z");
  });
  test("every typed time of a year comes back as it was typed", () => {
    for (const zone of ["America/Los_Angeles", "Europe/London", "Australia/Lord_Howe"]) {
      for (let n = 0; n < 365; n++) {
        const day = new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10);
        const at = momentOf(day, "19:30", zone) ?? "";
        expect(`${dayOf(at, zone)} ${timeOf(at, zone)}`).toBe(`${day} 19:30`);
      }
    }
  });
  test("half an answer is none", () => {
    expect(momentOf("", "19:30", "America/Denver")).toBeUndefined();
    expect(momentOf("2026-11-22", "", "America/Denver")).toBeUndefined();
    expect(momentOf("2026-13-40", "19:30", "America/Denver")).toBeUndefined();
  });
});

describe("group sessions", () => {
  const row = (id: string, state: GroupSessionRow["state"], starts_at: string) =>
    ({ id, state, starts_at }) as GroupSessionRow;
  test("what is open, what comes soonest first, what is over latest first", () => {
    const parts = sorted([
      row("old", "closed", "2026-11-01"),
      row("late", "scheduled", "2026-11-30"),
      row("soon", "scheduled", "2026-11-23"),
      row("now", "paused", "2026-11-22"),
      row("yesterday", "closed", "2026-11-21"),
    ]);
    expect(parts.open.map((one) => one.id)).toEqual(["now"]);
    expect(parts.next.map((one) => one.id)).toEqual(["soon", "late"]);
    expect(parts.past.map((one) => one.id)).toEqual(["yesterday", "old"]);
  });
  test("R8: place and number are asked at the door, the rest are tasks; never a score of a person", () => {
    const row = (...gaps: string[]) => ({ parts: [{ gaps: [] }, { gaps: gaps.map((key) => ({ key })) }] });
    const view = {
      gaps: ["backup"],
      roster: [row("place", "release"), row(), row("number", "local line")],
    };
    expect(tally(view as never)).toEqual({ ready: 1, door: 2, tasks: 3, staff: 3 });
  });
  test("numbers are read in groups", () => {
    expect(readable("+15035550120")).toBe("503-555-0120");
    expect(readable("+442079460123")).toBe("+442079460123");
  });
});
