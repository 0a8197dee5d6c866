import { describe, expect, it } from "vitest";
import { changed, countOf, faults, shown, take, textsOf, valuesOf, withoutRow } from "../src/clients/answers";
import { helps, home, house, pets, reach, who } from "../src/clients/sections";

const LOU = { name: "Lou", relation: "room-mate", may_overhear: "yes" };
const TIMES = { windows: [{ days: [0, 4], starts: "09:00:00", ends: "17:30:00" }], note: "Not in Lent" };
const record = { home_dispatch_line_id: null } as never;

describe("the answers of a form", () => {
  it("come back as they went in", () => {
    const values = {
      household_people: [LOU],
      household: "Thin walls",
      living_together: { with_whom: "Lou", calm_place: "Porch" },
    };
    expect(valuesOf(house.answers, textsOf(house.answers, values))).toEqual(values);
  });

  it("are nothing where nobody wrote anything", () => {
    const texts = textsOf(house.answers, {});
    expect(valuesOf(house.answers, texts)).toEqual({
      household_people: [],
      household: null,
      living_together: null,
    });
    // A row that was added and left empty says nothing, whatever its choice stands on.
    const added = { ...texts, "household_people.rows": "1", "household_people.0.may_overhear": "unknown" };
    expect(valuesOf(house.answers, added).household_people).toEqual([]);
    expect(faults(house.answers, added, "needed")).toEqual({});
  });

  it("send only what differs from what was there", () => {
    const was = textsOf(reach.answers, {
      first_outreach: "ring",
      unsafe_home: false,
      part2: false,
      contact_times: TIMES,
    });
    expect(changed(reach.answers, was, was)).toEqual([]);
    expect(changed(reach.answers, { ...was, unsafe_home: "yes" }, was)).toEqual(["unsafe_home"]);
    expect(changed(reach.answers, { ...was, "contact_times.windows.0.days": "0" }, was)).toEqual([
      "contact_times",
    ]);
  });

  it("find what is missing, at its place, and only where something was begun", () => {
    const texts = textsOf(pets.answers, { pet_cards: [{ kind: "dog" }, {}] });
    expect(faults(pets.answers, texts, "needed")).toEqual({ "pet_cards.0.name": "needed" });
    const place = textsOf(home(record, []).answers, { home_address: { town: "Larch" }, travel_minutes: 9 });
    const wrong = { ...place, travel_minutes: "9000" };
    expect(Object.keys(faults(home(record, []).answers, wrong, "needed"))).toEqual([
      "home_address.street",
      "travel_minutes",
    ]);
  });

  it("lose one row without losing the others", () => {
    const texts = textsOf(house.answers, {
      household_people: [LOU, { name: "Max" }, { name: "Ned" }],
      household: "Thin walls",
    });
    const left = withoutRow(texts, "household_people", 1);
    expect(countOf(left, "household_people")).toBe(2);
    expect(valuesOf(house.answers, left)).toMatchObject({
      household_people: [LOU, { name: "Ned" }],
      household: "Thin walls",
    });
  });

  it("take one field over from a colleague and leave the others", () => {
    const mine = textsOf(pets.answers, { pet_cards: [{ name: "Plum" }, { name: "Fig" }], pets: "Mine" });
    const theirs = textsOf(pets.answers, { pet_cards: [{ name: "Biscuit" }], pets: "Theirs" });
    expect(valuesOf(pets.answers, take(mine, theirs, "pet_cards"))).toMatchObject({
      pet_cards: [{ name: "Biscuit" }],
      pets: "Mine",
    });
  });

  it("keep an empty text empty where the record wants one", () => {
    const texts = textsOf(who.answers, { name_used: "Ana", pronouns: "she/her", birth_date: "1990-05-01" });
    expect(valuesOf(who.answers, { ...texts, pronouns: "" })).toMatchObject({
      pronouns: "",
      safe_name: null,
    });
  });

  it("are read out in words", () => {
    const [, , , times] = reach.answers;
    if (!times || !helps.answers[0]) throw new Error("the sections changed");
    expect(shown(times, TIMES)).toBe("Mon, Fri 09:00 to 17:30\nAnd when never: Not in Lent");
    expect(shown(helps.answers[0], null)).toBe("");
  });
});
