import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Board, Card, Health, LiveMessage, TileCard } from "../src/contract";
import { Live, NOT_LIVE_MS, type Listener, type Surroundings, type Wire } from "../src/live";
import { Refused } from "../src/request";

const health: Health = {
  at: "2026-11-22T20:04:00Z",
  engine_tick: "2026-11-22T20:04:00Z",
  engine_held: false,
  overdue_steps: 0,
  telephone: "simulated",
};
const tile = (id: string, name: string): TileCard => ({
  kind: "tile",
  id,
  group_session_id: "g",
  client_id: id,
  name,
  initials: "X",
  pronouns: "she/her",
  tier: "none",
  assessed: true,
  presence: { state: "present", since: "2026-11-22T20:00:00Z" },
  place: { state: "confirmed" },
  gaps: [],
  marks: [],
});

class World {
  clock = 0;
  timers: { at: number; run: () => void }[] = [];
  wires: FakeWire[] = [];
  board: Board = { seq: 10, cards: [tile("a", "Ana R.")], health };
  answer: () => Promise<Board> = () => Promise.resolve(this.board);
  snapshots = 0;
  shown: Map<string, Card> = new Map();
  told: string[] = [];
  shows = 0;
  live: Live;

  constructor() {
    const near: Surroundings = {
      snapshot: () => {
        this.snapshots++;
        return this.answer();
      },
      open: () => {
        const wire = new FakeWire();
        this.wires.push(wire);
        return wire;
      },
      now: () => this.clock,
      after: (ms, run) => {
        const timer = { at: this.clock + ms, run };
        this.timers.push(timer);
        return () => (this.timers = this.timers.filter((other) => other !== timer));
      },
    };
    const tell: Listener = {
      snapshot: (board) => {
        this.shown = new Map(board.cards.map((card) => [card.id, card]));
      },
      cards: (cards, gone) => {
        cards.forEach((card) => this.shown.set(card.id, card));
        gone.forEach((id) => this.shown.delete(id));
      },
      beat: () => this.told.push("beat"),
      locked: (alarms) => this.told.push(`locked ${alarms.length}`),
      liveSince: (lost) => this.told.push(lost === null ? "live" : `not live since ${lost}`),
      refused: (error) => this.told.push(`refused ${error.code}`),
      shown: () => this.shows++,
    };
    this.live = new Live(near, tell);
  }

  get wire(): FakeWire {
    return this.wires.at(-1)!;
  }
  async pass(ms: number): Promise<void> {
    const end = this.clock + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.clock = Math.max(this.clock, next.at);
      this.timers = this.timers.filter((timer) => timer !== next);
      next.run();
      await settle();
    }
    this.clock = end;
    await settle();
  }
  async begins(): Promise<void> {
    this.live.start();
    await settle();
    this.wire.onopen?.();
  }
}

class FakeWire implements Wire {
  sent: unknown[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: (() => void) | null = null;
  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(): void {
    this.closed = true;
    this.onclose?.();
  }
  says(message: LiveMessage): void {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  beats(seq: number): void {
    this.says({ beat: health, seq });
  }
}

const settle = async () => {
  for (let n = 0; n < 8; n++) await Promise.resolve();
};

let world: World;
beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  world = new World();
});

describe("start-up and resume", () => {
  test("takes one snapshot, then asks for everything after it", async () => {
    await world.begins();
    expect(world.wire.sent).toEqual([{ after: 10 }]);
    expect([...world.shown.keys()]).toEqual(["a"]);
    expect(world.shows).toBe(1);
  });

  test("replaces cards by id and forgets the ones that are gone", async () => {
    await world.begins();
    world.wire.says({ after: 10, seq: 12, cards: [tile("a", "Ana Ruiz"), tile("b", "Ben")] });
    world.wire.says({ after: 12, seq: 13, cards: [], gone: ["b"] });
    expect((world.shown.get("a") as TileCard).name).toBe("Ana Ruiz");
    expect(world.shown.has("b")).toBe(false);
    expect(world.shows).toBe(3);
  });

  test("after a dropped socket asks from where it was, without a new snapshot", async () => {
    await world.begins();
    world.wire.says({ after: 10, seq: 11, cards: [] });
    world.wire.close();
    await world.pass(250);
    world.wire.onopen?.();
    expect(world.wires).toHaveLength(2);
    expect(world.wire.sent).toEqual([{ after: 11 }]);
    expect(world.snapshots).toBe(1);
  });

  test("an alert seen before the socket is open is said once it is", async () => {
    world.live.start();
    await settle();
    world.live.seen("marcus");
    expect(world.wire.sent).toEqual([]);
    world.wire.onopen?.();
    expect(world.wire.sent).toEqual([{ after: 10 }, { seen: 10, incident: "marcus" }]);
    world.wire.says({ after: 10, seq: 12, cards: [] });
    world.live.seen("ana");
    expect(world.wire.sent.at(-1)).toEqual({ seen: 12, incident: "ana" });
  });

  test("an emergency may come ahead of its entries: it is shown, and the cursor waits for them", async () => {
    await world.begins();
    world.wire.says({ after: 10, seq: 10, cards: [tile("b", "ahead")] });
    expect(world.shown.get("b")).toMatchObject({ name: "ahead" });
    world.wire.says({ after: 10, seq: 13, cards: [tile("b", "whole")] });
    world.wire.says({ after: 10, seq: 10, cards: [tile("b", "late")] });
    expect(world.shown.get("b")).toMatchObject({ name: "whole" });
    expect(world.snapshots).toBe(1);
  });

  test("ignores what it already has", async () => {
    await world.begins();
    world.wire.says({ after: 10, seq: 12, cards: [tile("a", "new")] });
    world.wire.says({ after: 10, seq: 11, cards: [tile("a", "old")] });
    expect((world.shown.get("a") as TileCard).name).toBe("new");
  });

  test("two sockets that close without a word ask the snapshot again", async () => {
    await world.begins();
    world.wire.close();
    await world.pass(250);
    world.wire.close();
    await world.pass(600);
    expect(world.snapshots).toBe(2);
  });
});

describe("gap and reset", () => {
  test("a gap runs start-up again, and nothing of the gap's message is shown", async () => {
    await world.begins();
    world.board = { seq: 20, cards: [tile("c", "Cleo")], health };
    world.wire.says({ after: 15, seq: 16, cards: [tile("z", "wrong")] });
    await settle();
    expect(world.snapshots).toBe(2);
    expect([...world.shown.keys()]).toEqual(["c"]);
    world.wire.onopen?.();
    expect(world.wire.sent).toEqual([{ after: 20 }]);
  });

  test("a reset runs start-up again", async () => {
    await world.begins();
    const first = world.wire;
    world.wire.says({ reset: true });
    await settle();
    expect(world.snapshots).toBe(2);
    expect(first.closed).toBe(true);
  });

  test("a server that resets again and again is not asked without a pause", async () => {
    await world.begins();
    for (let n = 0; n < 2; n++) {
      world.wire.says({ reset: true });
      world.wire.close();
      await settle();
    }
    expect(world.snapshots).toBe(2);
    await world.pass(300);
    expect(world.snapshots).toBe(3);
    world.wire.beats(10);
    world.wire.says({ reset: true });
    await settle();
    expect(world.snapshots).toBe(4);
  });

  test("a late message of the old socket changes nothing", async () => {
    await world.begins();
    const old = world.wire;
    const late = old.onmessage;
    world.wire.says({ reset: true });
    await settle();
    late?.({ data: JSON.stringify({ after: 10, seq: 99, cards: [tile("a", "ghost")] }) });
    expect((world.shown.get("a") as TileCard).name).toBe("Ana R.");
  });

  test("one beat ahead of its cards is normal, two in a row is a loss", async () => {
    await world.begins();
    world.wire.beats(11);
    expect(world.snapshots).toBe(1);
    world.wire.says({ after: 10, seq: 11, cards: [] });
    world.wire.beats(12);
    expect(world.snapshots).toBe(1);
    world.wire.beats(12);
    await settle();
    expect(world.snapshots).toBe(2);
  });
});

describe("not live", () => {
  test("one missed beat says nothing, two missed beats say since when", async () => {
    await world.begins();
    await world.pass(4000);
    world.wire.beats(10);
    await world.pass(9000);
    expect(world.told).toEqual(["beat"]);
    world.answer = () => Promise.reject(new Error("no connection"));
    await world.pass(2000);
    expect(world.told).toEqual(["beat", "not live since 4000"]);
    expect(NOT_LIVE_MS).toBeGreaterThan(10_000);
  });

  test("the dead socket is thrown away and the next word makes it live again", async () => {
    await world.begins();
    const dead = world.wire;
    world.answer = () => Promise.reject(new Error("no connection"));
    await world.pass(20_000);
    expect(dead.closed).toBe(true);
    expect(world.told).toEqual(["not live since 0"]);
    const tried = world.snapshots;
    expect(tried).toBeGreaterThan(2);
    world.answer = () => Promise.resolve(world.board);
    world.live.restart();
    await settle();
    expect(world.told).toEqual(["not live since 0", "live"]);
  });

  test("a first load that never succeeds also says not live", async () => {
    world.answer = () => Promise.reject(new Error("no connection"));
    world.live.start();
    await world.pass(NOT_LIVE_MS + 1000);
    expect(world.told).toEqual(["not live since 0"]);
  });
});

describe("locked and refused", () => {
  const refusal = (status: number, code: string) =>
    new Refused({ type: "about:blank", title: "", status, code, detail: "No." });

  test("a locked sign-in still hears alarms, and starts again once unlocked", async () => {
    world.answer = () => Promise.reject(refusal(423, "locked"));
    await world.begins();
    expect(world.wire.sent).toEqual([{ after: 0 }]);
    world.wire.says({ locked: true, seq: 11, alarms: [{ tile: 3, tier: "high", limit_at: null }] });
    expect(world.told).toEqual(["locked 1"]);
    world.answer = () => Promise.resolve(world.board);
    world.live.restart();
    await settle();
    expect([...world.shown.keys()]).toEqual(["a"]);
  });

  test("a sign-in that is gone is not tried again and again", async () => {
    world.answer = () => Promise.reject(refusal(401, "signed_out"));
    world.live.start();
    await world.pass(9000);
    expect(world.told).toEqual(["refused signed_out"]);
    expect(world.snapshots).toBe(1);
  });

  test("stopped means stopped", async () => {
    await world.begins();
    world.live.stop();
    await world.pass(60_000);
    expect(world.told).toEqual([]);
    expect(world.wires).toHaveLength(1);
  });
});
