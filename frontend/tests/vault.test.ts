import { describe, expect, it } from "vitest";
import type { CallSheet } from "../src/offline/contract";
import type { Kept, KeptKey, Shelf } from "../src/offline/shelf";
import {
  AFTER_MS,
  OLDEST_MS,
  Vault,
  type KeptSheet,
  type Note,
  type Send,
} from "../src/offline/vault.svelte";

/** A browser's shelf without a browser. */
class MemoryShelf implements Shelf {
  own: KeptKey | undefined;
  kept = new Map<string, Kept>();
  async key(): Promise<KeptKey | undefined> {
    return this.own;
  }
  async setKey(key: KeptKey): Promise<void> {
    this.own = key;
  }
  async all(): Promise<Kept[]> {
    return [...this.kept.values()];
  }
  async put(kept: Kept): Promise<void> {
    this.kept.set(kept.name, kept);
  }
  async remove(name: string): Promise<void> {
    this.kept.delete(name);
  }
  async clear(): Promise<void> {
    this.kept.clear();
    this.own = undefined;
  }
}

const ROUNDS = 10;
const AT = Date.UTC(2026, 2, 2, 20);
const sheet = (meeting = "evening", at = AT): KeptSheet => ({
  meeting,
  sheet: {
    sheet: { name: "Evening skills", people: [{ address: "12 Larch Street" }] },
  } as unknown as CallSheet,
  incidents: [{ id: "one", name: "Ana R.", initials: "AR" }],
  at,
  over: null,
});
const note = (id: string, at = AT): Note => ({
  id,
  incident: "one",
  about: "Ana R.",
  initials: "AR",
  words: `words of ${id}`,
  at,
});
const vaultOn = async (shelf: Shelf, person = "jon"): Promise<Vault> => {
  const vault = new Vault(shelf, ROUNDS);
  await vault.start(person);
  return vault;
};
const readable = (shelf: MemoryShelf): string =>
  [...shelf.kept.values()].map((one) => new TextDecoder().decode(one.box.data)).join(" ");

describe("the kept call sheet", () => {
  it("lies sealed, and opens after a reload with the right PIN alone", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet());
    expect(readable(shelf)).not.toContain("Larch");
    await vault.learn("482913");
    await vault.note(note("a"));

    const reloaded = await vaultOn(shelf);
    expect(reloaded.sheets).toEqual([]);
    expect(reloaded.locked).toBe(true);
    expect(await reloaded.open("000000")).toBe(false);
    expect(await reloaded.open("482913")).toBe(true);
    expect(reloaded.sheets[0]?.sheet.sheet.name).toBe("Evening skills");
    expect(reloaded.notes.map((one) => one.id)).toEqual(["a"]);
  });

  it("is not lost by reading the sheet anew after a reload, before the PIN is given", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet());
    await vault.learn("482913");

    const reloaded = await vaultOn(shelf);
    const newer = { ...sheet("evening", AT + 60_000), incidents: [] };
    await reloaded.keep(newer);
    await reloaded.keep(sheet("night", AT + 60_000));
    await reloaded.tidy(AT + 61_000, new Set(["evening", "night"]));
    expect(reloaded.sheets).toHaveLength(2);

    // The line dies, and the page is opened anew once more.
    const again = await vaultOn(shelf);
    expect(await again.peek()).toBe(true);
    expect(await again.open("000000")).toBe(false);
    expect(await again.open("482913")).toBe(true);
    expect(again.sheets.map((one) => one.at)).toEqual([AT]);

    // Once the PIN is given, what memory held takes its place.
    expect(await reloaded.open("482913")).toBe(true);
    const last = await vaultOn(shelf);
    await last.open("482913");
    expect(last.sheets.map((one) => [one.meeting, one.at])).toEqual([
      ["evening", AT + 60_000],
      ["night", AT + 60_000],
    ]);
  });

  it("goes after twelve hours also where nobody opened it, and says when no PIN can open it", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet());
    // Before anybody is signed in, because the server is gone.
    const without = new Vault(shelf, ROUNDS);
    expect(await without.peek()).toBe(false);
    expect(without.unreadable).toBe(true);

    await vault.learn("482913");
    const reloaded = await vaultOn(shelf);
    await reloaded.tidy(AT + OLDEST_MS, undefined);
    expect(reloaded.locked).toBe(true);
    await reloaded.tidy(AT + OLDEST_MS + 1, undefined);
    expect([reloaded.locked, shelf.kept.size]).toEqual([false, 0]);
  });

  it("is nobody else's, and gone with the sign-in", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet());
    await vault.learn("482913");
    await vault.wipe();
    expect(shelf.kept.size).toBe(0);
    expect(shelf.own).toBeUndefined();
    expect(vault.sheets).toEqual([]);

    await vault.start("jon");
    await vault.keep(sheet());
    await vault.learn("482913");
    const maya = await vaultOn(shelf, "maya");
    expect(shelf.kept.size).toBe(0);
    expect(maya.locked).toBe(false);
  });

  it("goes an hour after its group has closed, and when it is twelve hours old", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet("evening"));
    await vault.tidy(AT + 1000, new Set(["evening"]));
    expect(vault.sheets[0]?.over).toBeNull();
    await vault.tidy(AT + 2000, new Set());
    await vault.tidy(AT + 2000 + AFTER_MS, new Set());
    expect(vault.sheets).toHaveLength(1);
    await vault.tidy(AT + 2001 + AFTER_MS, new Set());
    expect(vault.sheets).toHaveLength(0);
    expect(shelf.kept.size).toBe(0);

    await vault.keep(sheet("night"));
    // Without a line nobody knows which groups are open: only age counts.
    await vault.tidy(AT + OLDEST_MS, undefined);
    expect(vault.sheets).toHaveLength(1);
    await vault.tidy(AT + OLDEST_MS + 1, undefined);
    expect(vault.sheets).toHaveLength(0);
  });
});

describe("notes typed while the line was dead", () => {
  it("go in the order in which they were typed; none is lost, none is sent under another command", async () => {
    const vault = await vaultOn(new MemoryShelf());
    await vault.note(note("second", AT + 1000));
    await vault.note(note("first", AT));
    const sent: string[] = [];
    const gone: Send = async () => undefined;
    expect(await vault.send(gone)).toBe(0);
    expect(vault.notes).toHaveLength(2);
    const good: Send = async (one) => (sent.push(one.id), true);
    expect(await vault.send(good)).toBe(2);
    expect(sent).toEqual(["first", "second"]);
    expect(vault.notes).toEqual([]);
  });

  it("stay in sight when the server says no, and are tried again by a person alone", async () => {
    const vault = await vaultOn(new MemoryShelf());
    await vault.note(note("a"));
    expect(await vault.send(async () => "This incident is not yours.")).toBe(0);
    expect(vault.notes[0]?.refused).toBe("This incident is not yours.");
    expect(await vault.send(async () => true)).toBe(0);
    await vault.again("a");
    expect(await vault.send(async () => true)).toBe(1);
  });

  it("outlive the end of a sign-in, sealed, for the same person", async () => {
    const shelf = new MemoryShelf();
    const vault = await vaultOn(shelf);
    await vault.keep(sheet());
    await vault.learn("482913");
    await vault.note(note("a"));
    await vault.wipe();
    expect([...shelf.kept.keys()]).toEqual(["note:a"]);
    const later = await vaultOn(shelf);
    expect(await later.open("482913")).toBe(true);
    expect(later.notes.map((one) => one.words)).toEqual(["words of a"]);
  });

  it("are kept in memory where a browser keeps nothing", async () => {
    const broken: Shelf = {
      key: async () => Promise.reject(new Error("private window")),
      setKey: async () => Promise.reject(new Error("private window")),
      all: async () => Promise.reject(new Error("private window")),
      put: async () => Promise.reject(new Error("private window")),
      remove: async () => Promise.reject(new Error("private window")),
      clear: async () => Promise.reject(new Error("private window")),
    };
    const vault = await vaultOn(broken);
    await vault.keep(sheet());
    await vault.note(note("a"));
    expect(vault.sheets).toHaveLength(1);
    expect(await vault.send(async () => true)).toBe(1);
  });
});
