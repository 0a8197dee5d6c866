import { afterEach, expect, test } from "vitest";
import { shownFirst, shownName, shownText, withInitials } from "../src/names";
import { prefs } from "../src/prefs.svelte";
import { pronounsOf } from "../src/words";

const ana = { name: "Ana R.", initials: "AR" };
afterEach(() => (prefs.initials = false));

test("names stay names until somebody asks for initials", () => {
  expect(shownName(ana)).toBe("Ana R.");
  prefs.initials = true;
  expect([shownName(ana), shownFirst(ana)]).toEqual(["AR", "AR"]);
  expect(shownText("Ring Ana, ends 42", ana)).toBe("Ring AR, ends 42");
});

test("a name inside another word is left alone", () => {
  expect(withInitials("Ana and Anastasia, Ana’s phone, for Ana R.", ana)).toBe(
    "AR and Anastasia, AR’s phone, for AR",
  );
});

test("a name with signs in it is not a pattern", () => {
  expect(withInitials("J.P. (Jo) K. rang, JxP did not", { name: "J.P. (Jo) K.", initials: "JK" })).toBe(
    "JK rang, JxP did not",
  );
});

test("pronouns that are not known become the name", () => {
  expect(pronounsOf("she/her", "Ana").them).toBe("her");
  expect(pronounsOf("they/them", "Caleb").them).toBe("them");
  expect(pronounsOf("xe/xem", "Kit").them).toBe("xem");
  expect(pronounsOf("", "Kit").them).toBe("Kit");
});
