import { expect, test } from "vitest";
import { left } from "../src/times";

test("a second that has begun still counts", () => {
  expect(left(11_001)).toBe("0:12");
  expect(left(0)).toBe("0:00");
  expect(left(3_725_000)).toBe("1:02:05");
});
