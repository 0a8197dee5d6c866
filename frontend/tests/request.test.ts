import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { me } from "../src/me.svelte";
import { get, NoAnswer, post, Refused, sentence, withQuery } from "../src/request";

const answers: (() => Promise<Response>)[] = [];
const sent: { url: string; id: string | null }[] = [];
const json = (status: number, body: unknown) => () =>
  Promise.resolve(
    new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json" } }),
  );
const silence = () => Promise.reject(new TypeError("network"));

beforeEach(() => {
  vi.useFakeTimers();
  answers.length = 0;
  sent.length = 0;
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    sent.push({ url, id: new Headers(init.headers).get("Command-Id") });
    return (answers.shift() ?? silence)();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settled<T>(promise: Promise<T>): Promise<T | Error> {
  const caught = promise.catch((error: Error) => error);
  await vi.runAllTimersAsync();
  return caught;
}

test("a press that got no answer is repeated under the same command id", async () => {
  answers.push(silence, json(503, {}), json(200, { done: true }));
  expect(await settled(post("/incidents/x/take"))).toEqual({ done: true });
  expect(sent).toHaveLength(3);
  expect(new Set(sent.map((one) => one.id)).size).toBe(1);
  expect(sent[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
});

test("two presses are two commands", async () => {
  answers.push(json(200, {}), json(200, {}));
  await settled(post("/a"));
  await settled(post("/a"));
  expect(sent[0]?.id).not.toBe(sent[1]?.id);
});

test("silence to the end says that we cannot say", async () => {
  const error = await settled(post("/a"));
  expect(error).toBeInstanceOf(NoAnswer);
  expect(sentence(error)).toContain("We cannot say if it was done");
});

test("a refusal is an answer: it is not repeated, and its sentence is for reading", async () => {
  const detail = "Jon Bell took it 4 seconds ago.";
  answers.push(json(409, { title: "Conflict", status: 409, code: "somebody_was_first", detail }));
  const error = await settled(post("/a"));
  expect(error).toBeInstanceOf(Refused);
  expect((error as Refused).code).toBe("somebody_was_first");
  expect(sentence(error)).toBe(detail);
  expect(sent).toHaveLength(1);
});

test("a locked sign-in covers the screen, a gone one signs out", async () => {
  me.arrived({ locked: false } as never);
  answers.push(json(423, { status: 423, code: "locked", detail: "Locked." }));
  await settled(get("/board"));
  expect(me.covered).toBe(true);
  answers.push(json(401, { status: 401, code: "signed_out", detail: "Signed out." }));
  await settled(get("/board"));
  expect(me.person).toBe(null);
});

test("an answer that is no problem document still gives a sentence", async () => {
  answers.push(() => Promise.resolve(new Response("<html>", { status: 500 })));
  expect(sentence(await settled(get("/a")))).toContain("call by phone");
});

test("empty filters are left out of the address", () => {
  expect(withQuery("/incidents", { tier: "high", state: "", page: 2, from: null })).toBe(
    "/incidents?tier=high&page=2",
  );
});
