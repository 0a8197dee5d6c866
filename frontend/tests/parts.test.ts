import { fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import Emergency from "../src/parts/Emergency.svelte";
import Press from "../src/parts/Press.svelte";
import { toasts, UNDO_MS } from "../src/toasts.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());
const words = createRawSnippet(() => ({ render: () => "<span>Emergency</span>" }));

describe("Emergency", () => {
  function shown(rest = {}) {
    const onemergency = vi.fn();
    render(Emergency, { onemergency, children: words, ...rest });
    return { onemergency, button: screen.getByRole("button") };
  }

  test("needs a whole second", async () => {
    const { onemergency, button } = shown();
    await fireEvent.pointerDown(button, { button: 0 });
    vi.advanceTimersByTime(900);
    await fireEvent.pointerUp(button);
    vi.advanceTimersByTime(5000);
    expect(onemergency).not.toHaveBeenCalled();
    await fireEvent.pointerDown(button, { button: 0 });
    vi.advanceTimersByTime(1000);
    expect(onemergency).toHaveBeenCalledOnce();
  });

  test("holding Space works, and letting go stops it", async () => {
    const { onemergency, button } = shown();
    await fireEvent.keyDown(button, { key: " " });
    await fireEvent.keyUp(button, { key: " " });
    vi.advanceTimersByTime(2000);
    expect(onemergency).not.toHaveBeenCalled();
    await fireEvent.keyDown(button, { key: " " });
    vi.advanceTimersByTime(1000);
    expect(onemergency).toHaveBeenCalledOnce();
  });

  test("E twice, but not while somebody types", async () => {
    const { onemergency } = shown();
    const field = document.body.appendChild(document.createElement("input"));
    await fireEvent.keyDown(field, { key: "e" });
    await fireEvent.keyDown(field, { key: "e" });
    expect(onemergency).not.toHaveBeenCalled();
    await fireEvent.keyDown(document.body, { key: "e" });
    expect(onemergency).not.toHaveBeenCalled();
    await fireEvent.keyDown(document.body, { key: "e" });
    expect(onemergency).toHaveBeenCalledOnce();
    field.remove();
  });
});

describe("Press", () => {
  test("the first press says what the second will do, and forgets after four seconds", async () => {
    const onpress = vi.fn();
    render(Press, { word: "Ring", sure: "Press again to ring", onpress });
    const button = screen.getByRole("button");
    await fireEvent.click(button);
    expect(button.textContent).toContain("Press again to ring");
    expect(onpress).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(4000);
    expect(button.textContent).toContain("Ring");
    await fireEvent.click(button);
    await fireEvent.click(button);
    expect(onpress).toHaveBeenCalledOnce();
  });
});

test("undo is there for eight seconds", () => {
  const id = toasts.done("You have Marcus.", () => {});
  vi.advanceTimersByTime(UNDO_MS - 1);
  expect(toasts.list.some((toast) => toast.id === id)).toBe(true);
  vi.advanceTimersByTime(1);
  expect(toasts.list.some((toast) => toast.id === id)).toBe(false);
});
