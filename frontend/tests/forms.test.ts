import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { drafts } from "../src/drafts.svelte";
import Close from "../src/incident/Close.svelte";
import ContactCall from "../src/incident/ContactCall.svelte";
import type { ContactLine, IncidentPage } from "../src/incident/contract";
import Recognised from "../src/incident/Recognised.svelte";
import { Loaded } from "../src/loaded.svelte";
import { me } from "../src/me.svelte";
import { NoAnswer, Refused } from "../src/request";
import { Sending } from "../src/sending.svelte";
import { me as dana, scene } from "./fixture/cards.mjs";
import { incidentPage } from "./fixture/pages.mjs";

const NOW = Date.parse("2026-11-22T20:05:00Z");
const page = (where = "contact"): IncidentPage => {
  const card = scene("evening", NOW).find((one) => (one as { kind: string }).kind === "incident");
  return incidentPage(card, where, NOW) as IncidentPage;
};
const refused = (fields?: Record<string, string>) =>
  new Refused({
    type: "x",
    title: "x",
    status: 422,
    code: "not_valid",
    detail: "That was not taken.",
    ...(fields ? { fields } : {}),
  });

let sent: { path: string; body: Record<string, unknown> }[] = [];
beforeEach(() => {
  sent = [];
  drafts.clearAll();
  me.arrived({ ...(dana as object), roles: ["clinician"] } as never);
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    // What a tier still asks for is read by the form that closes; nothing is open here.
    if (path.endsWith("/care")) return Promise.resolve(new Response("[]"));
    sent.push({ path, body: JSON.parse(String(init.body ?? "{}")) as Record<string, unknown> });
    return Promise.resolve(new Response(JSON.stringify({ done: true })));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("a form on its way", () => {
  test("a press repeated after no answer is the same command; after a refusal it is a new one", async () => {
    const sending = new Sending();
    const commands: string[] = [];
    const run = (error: unknown) => (command: string) => {
      commands.push(command);
      return Promise.reject(error as Error);
    };
    await sending.send(run(new NoAnswer()));
    await sending.send(run(refused({ name: "Too short." })));
    expect(sending.wrong).toEqual({ name: "Too short." });
    expect(sending.sentence).toBe("That was not taken.");
    await sending.send((command) => Promise.resolve(commands.push(command)));
    expect(sending.sentence).toBeUndefined();
    expect(commands[0]).toBe(commands[1]);
    expect(commands[2]).not.toBe(commands[1]);
  });
  test("a double press is one", async () => {
    const sending = new Sending();
    const run = vi.fn(() => new Promise<void>((done) => setTimeout(done, 5)));
    const [first, second] = await Promise.all([sending.send(run), sending.send(run)]);
    expect(run).toHaveBeenCalledOnce();
    expect(first).toBeDefined();
    expect(second).toBeUndefined();
  });
});

describe("what a page read", () => {
  test("stays in view when reading it again fails, and the newest answer wins", async () => {
    const loaded = new Loaded<string>();
    await loaded.load(() => Promise.resolve("known"));
    await loaded.load(() => Promise.reject(new NoAnswer()));
    expect(loaded.value).toBe("known");
    expect(loaded.wrong).toContain("did not answer");
    let late: (value: string) => void = () => {};
    const slow = loaded.load(() => new Promise((done) => (late = done)));
    await loaded.load(() => Promise.resolve("newer"));
    late("older");
    await slow;
    expect(loaded.value).toBe("newer");
    expect(loaded.wrong).toBeUndefined();
  });
});

describe("R3: recognised, live", () => {
  const shown = () => {
    const done = vi.fn();
    render(Recognised, { page: page("verify"), done, cancel: vi.fn() });
    return { done, save: () => fireEvent.click(screen.getByRole("button", { name: "Recognised" })) };
  };

  test("nothing is chosen beforehand", () => {
    shown();
    const chosen = [...document.querySelectorAll<HTMLInputElement>("input")].filter((input) => input.checked);
    expect(chosen).toEqual([]);
    expect(screen.getByLabelText<HTMLInputElement>("Where are they now?").value).toBe("");
  });

  test("a question alone is not live, and nothing is sent until all of it is said", async () => {
    const { save, done } = shown();
    await fireEvent.click(screen.getByLabelText("The agreed ordinary question"));
    await save();
    expect(screen.getByText(/takes a live voice or video/)).toBeTruthy();
    expect(screen.getByText("Choose the tier as you judge it now.")).toBeTruthy();
    expect(sent).toEqual([]);
    expect(done).not.toHaveBeenCalled();
  });

  test("sends what was checked, the place, company and the tier", async () => {
    const { save, done } = shown();
    await fireEvent.click(screen.getByLabelText("Voice, live"));
    await fireEvent.click(screen.getByRole("button", { name: "Still at Home" }));
    await fireEvent.click(screen.getByLabelText("Alone"));
    await fireEvent.click(screen.getByLabelText("Moderate"));
    expect(screen.getByText(/A second clinician confirms less/)).toBeTruthy();
    await save();
    expect(screen.getByText(/Say in at least 20 characters/)).toBeTruthy();
    await fireEvent.input(screen.getByLabelText(/Why is less right now/), {
      target: { value: "Calm, eating, laughed about Biscuit." },
    });
    await save();
    await waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(sent).toEqual([
      {
        path: `/api/incidents/${page().id}/verified`,
        body: {
          checked: ["voice"],
          place: "Home",
          alone: "yes",
          tier: "moderate",
          reason: "Calm, eating, laughed about Biscuit.",
          next_contact_at: null,
          note: null,
        },
      },
    ]);
  });

  test("what was typed is there again when the form is opened again", async () => {
    const { unmount } = render(Recognised, { page: page("verify"), done: vi.fn(), cancel: vi.fn() });
    const place = screen.getByLabelText<HTMLInputElement>("Where are they now?");
    await fireEvent.input(place, { target: { value: "On the bus" } });
    unmount();
    shown();
    expect(screen.getByLabelText<HTMLInputElement>("Where are they now?").value).toBe("On the bus");
  });
});

describe("R18: calling a contact", () => {
  const contact = page().person.contacts[0] as ContactLine;
  const shown = () => render(ContactCall, { page: page(), contact, done: vi.fn(), cancel: vi.fn() });
  const call = () => fireEvent.click(screen.getByRole("button", { name: /Call Elena|Press again/ }));

  test("takes two presses, and says what was told on which basis", async () => {
    shown();
    await call();
    expect(sent).toEqual([]);
    await call();
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.path).toBe(`/api/incidents/${page().id}/contacts/c1/call`);
    expect(sent[0]?.body).toMatchObject({ basis: "release", grounds: "", ticked: [] });
    expect(sent[0]?.body.content).not.toBe("");
  });

  test("a serious threat needs grounds and the tick before anybody is rung", async () => {
    shown();
    await fireEvent.click(screen.getByLabelText("A serious and imminent threat"));
    await call();
    await call();
    expect(screen.getByText("Write the grounds first.")).toBeTruthy();
    expect(screen.getByText("Confirm this first.")).toBeTruthy();
    expect(sent).toEqual([]);
    await fireEvent.click(screen.getByLabelText("This person is able to lessen the danger."));
    await fireEvent.input(screen.getByLabelText(/What makes you believe/), {
      target: { value: "Said goodbye in the group." },
    });
    await call();
    await call();
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toMatchObject({
      basis: "serious_threat",
      ticked: ["able_to_lessen_it"],
      grounds: "Said goodbye in the group.",
    });
  });
});

describe("closing", () => {
  /** The test's document cannot choose from a list; the answer lives in the drafts either way. */
  const chooses = (outcome: string) => drafts.set(`close ${page().id} outcome`, outcome);

  test("without a live check only a supervisor may, and has to say why", async () => {
    const { unmount } = render(Close, { page: page(), done: vi.fn(), cancel: vi.fn() });
    expect(screen.queryByRole("button", { name: "Close it" })).toBeNull();
    unmount();
    me.arrived(dana as never);
    render(Close, { page: page(), done: vi.fn(), cancel: vi.fn() });
    chooses("handed_over");
    await fireEvent.click(screen.getByRole("button", { name: "Close it" }));
    expect(screen.getByText("Write at least a sentence.")).toBeTruthy();
    expect(sent).toEqual([]);
  });
  test("recognised live, an outcome is enough", async () => {
    const done = vi.fn();
    render(Close, { page: page("verified"), done, cancel: vi.fn() });
    chooses("stabilized");
    await fireEvent.click(screen.getByRole("button", { name: "Close it" }));
    await waitFor(() => expect(done).toHaveBeenCalledOnce());
    expect(sent[0]?.body).toEqual({
      outcome: "stabilized",
      note: "",
      caregiver_call: true,
      next_contact_at: null,
    });
  });
  test("after a crisis at high a call to somebody they trust is owed, unless a person says otherwise", async () => {
    const high = { ...page("verified"), tier: "high" } as ReturnType<typeof page>;
    render(Close, { page: high, done: vi.fn(), cancel: vi.fn() });
    const owed = screen.getByRole<HTMLInputElement>("checkbox", { name: /^A call to somebody they trust/ });
    expect(owed.checked).toBe(true);
    chooses("false_alarm");
    await waitFor(() => expect(owed.checked).toBe(false));
    chooses("stabilized");
    await waitFor(() => expect(owed.checked).toBe(true));
    await fireEvent.click(owed);
    await fireEvent.click(screen.getByRole("button", { name: "Close it" }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]?.body).toMatchObject({ outcome: "stabilized", caregiver_call: false });
  });
});
