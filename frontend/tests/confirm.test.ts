import { fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { board } from "../src/board/store.svelte";
import { confirming } from "../src/confirming.svelte";
import type { Card, Me } from "../src/contract";
import { me } from "../src/me.svelte";
import { getFile, patch, Refused, sentence } from "../src/request";
import Confirm from "../src/shell/Confirm.svelte";
import { me as dana, scene } from "./fixture/cards.mjs";

/** A server that asks for the PIN once, as app/staff does. */
const PIN = "258014";
let confirmed: boolean;
let signedIn: boolean;
let sent: { url: string; method: string; id: string | null; body: unknown }[];

const problem = (status: number, code: string, detail: string) =>
  new Response(JSON.stringify({ status, code, detail }), { status });
const asked = () => problem(403, "confirm_needed", "Enter your PIN to go on.");

beforeEach(() => {
  confirmed = false;
  signedIn = true;
  sent = [];
  me.arrived({ ...(dana as Me) });
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const body =
      typeof init.body === "string" ? (JSON.parse(init.body) as Record<string, string>) : undefined;
    const id = new Headers(init.headers).get("Command-Id");
    sent.push({ url, method: init.method ?? "GET", id, body });
    return Promise.resolve(answer(url, body));
  });
});
afterEach(() => {
  confirming.done(false);
  me.signedOut();
  board.forget();
  vi.unstubAllGlobals();
});

function answer(url: string, body: Record<string, string> | undefined): Response {
  if (url === "/api/me/pin") return new Response(null, { status: 204 });
  if (url === "/api/confirm") {
    if (!signedIn) return problem(401, "signed_out", "The PIN was wrong five times.");
    if (body?.["pin"] !== PIN) return problem(403, "wrong_pin", "This PIN is not right. 4 tries left.");
    confirmed = true;
    return new Response(null, { status: 204 });
  }
  if (!confirmed) return asked();
  return url.includes(".csv")
    ? new Response("\ufeffname\r\nJosé\r\n")
    : new Response(JSON.stringify({ id: 7 }));
}
const dialog = () => document.querySelector("dialog") as HTMLDialogElement;
const shown = () => waitFor(() => expect(dialog().open).toBe(true));
const gone = () => waitFor(() => expect(dialog().open).toBe(false));
const type = (label: string, value: string) =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const changes = () => sent.filter((one) => one.url === "/api/staff/x");

test("with the PIN the very same request is sent once more, under the same command id", async () => {
  render(Confirm);
  const change = patch<{ id: number }>("/staff/x", { phones: [] });
  await shown();
  expect(document.activeElement).toBe(screen.getByLabelText("Your PIN"));
  await type("Your PIN", PIN);
  await press("Go on");
  expect(await change).toEqual({ id: 7 });
  await gone();
  expect(changes()).toHaveLength(2);
  expect(changes()[1]).toEqual(changes()[0]);
  expect(changes()[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
});

test("a wrong PIN says so and asks again; the request waits", async () => {
  render(Confirm);
  const change = patch("/staff/x", {});
  await shown();
  await type("Your PIN", "000000");
  await press("Go on");
  const field = await screen.findByLabelText("Your PIN");
  await waitFor(() => expect(field.getAttribute("aria-invalid")).toBe("true"));
  expect(screen.getByText(/This PIN is not right/).closest("[aria-live]")).not.toBe(null);
  expect((field as HTMLInputElement).value).toBe("");
  expect(changes()).toHaveLength(1);
  await type("Your PIN", PIN);
  await press("Go on");
  expect(await change).toEqual({ id: 7 });
});

test.each([
  ["the button", () => press("Not now")],
  ["the cross", () => press("Close")],
  // Escape closes a native dialog by itself; the page only hears of it.
  ["Escape", () => Promise.resolve(dialog().close())],
])("%s leaves it undone, and says so", async (_, leave) => {
  render(Confirm);
  const change = patch("/staff/x", {}).catch((error: unknown) => error);
  await shown();
  await leave();
  const error = await change;
  expect(error).toBeInstanceOf(Refused);
  expect(sentence(error)).toBe("Not done: this needs your PIN.");
  expect(changes()).toHaveLength(1);
  await gone();
});

test("two requests at once ask one question", async () => {
  render(Confirm);
  const both = [patch("/staff/x", {}), getFile("/incidents.csv")];
  await shown();
  await type("Your PIN", PIN);
  await press("Go on");
  await Promise.all(both);
  expect(sent.filter((one) => one.url === "/api/confirm")).toHaveLength(1);
});

test("a file comes byte for byte, with the mark that tells a spreadsheet its letters", async () => {
  confirmed = true;
  const file = await getFile("/incidents.csv", { tier: "high" });
  expect(sent[0]?.url).toBe("/api/incidents.csv?tier=high");
  expect([...new Uint8Array(await file.arrayBuffer())].slice(0, 3)).toEqual([0xef, 0xbb, 0xbf]);
});

test("five wrong PINs end the sign-in, and nobody is left waiting", async () => {
  const { unmount } = render(Confirm);
  const change = patch("/staff/x", {}).catch((error: unknown) => error);
  await shown();
  signedIn = false;
  await type("Your PIN", "000000");
  await press("Go on");
  await waitFor(() => expect(me.person).toBe(null));
  unmount();
  expect(await change).toBeInstanceOf(Refused);
  expect(confirming.open).toBe(false);
});

test("who has no PIN sets one with the passphrase", async () => {
  me.arrived({ ...(dana as Me), has_pin: false });
  render(Confirm);
  const change = patch("/staff/x", {});
  await shown();
  await type("Your passphrase", "a long enough passphrase");
  await type("New PIN, 4 to 8 digits", PIN);
  await press("Set the PIN and go on");
  await change;
  expect(sent.map((one) => one.url)).toEqual(["/api/staff/x", "/api/me/pin", "/api/confirm", "/api/staff/x"]);
  expect(me.person?.has_pin).toBe(true);
});

test("the cover of a locked screen is reachable, and the question comes back after it", async () => {
  render(Confirm);
  const change = patch("/staff/x", {});
  await shown();
  me.coverNow();
  await gone();
  expect(confirming.open).toBe(true);
  me.arrived({ ...(dana as Me) });
  await shown();
  await type("Your PIN", PIN);
  await press("Go on");
  expect(await change).toEqual({ id: 7 });
});

test("an alert that comes up behind it is said in it", async () => {
  render(Confirm);
  void patch("/staff/x", {}).catch(() => {});
  await shown();
  expect(screen.queryByRole("alert")).toBe(null);
  board.listener.cards(scene("evening") as Card[], []);
  expect((await screen.findByRole("alert")).textContent).toContain("Marcus T. lost connection");
});
