import type { Board, Card, Health, LiveMessage, LockedAlarm } from "./contract";
import { Refused } from "./request";

/**
 * Keeps the board true. The only file that knows about seq, resume, reset, heartbeat and "not live".
 *
 * Start-up: one snapshot, then a socket that covers every entry after it. Anything odd (a gap, a reset, a cursor that
 * does not move although the server's does) runs start-up again, so recovery is the path that every sign-in tests.
 */

/** The server beats every 5 s; two missed and a little for the network. */
export const NOT_LIVE_MS = 10_500;
const CHECK_MS = 500;
const RETRY_MS = [250, 500, 1000, 2000, 4000];
/** Sockets in a row that closed without a word: the sign-in or the program may be gone, so ask the snapshot. */
const SILENT_SOCKETS = 2;
const LOCKED = 423;

export interface Wire {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

export interface Surroundings {
  snapshot(): Promise<Board>;
  open(): Wire;
  /** ms; only differences count. */
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export interface Listener {
  snapshot(board: Board): void;
  cards(cards: readonly Card[], gone: readonly string[]): void;
  beat(health: Health): void;
  locked(alarms: readonly LockedAlarm[]): void;
  /** null: live. A number: not live since then, in ms of `Surroundings.now`. */
  liveSince(lost: number | null): void;
  /** The server answered no, and trying again by itself would not help. */
  refused(error: Refused): void;
  /** Something new was put on the screen. */
  shown(): void;
}

export class Live {
  #cursor: number | null = null;
  #wire: Wire | null = null;
  #open = false;
  /** A locked sign-in hears alarms only, and has no cards to compare with. */
  #locked = false;
  /** Seen before the socket was ready to say so. */
  #unsaid: { seen: number; incident: string }[] = [];
  #heard: number;
  #lost: number | null = null;
  #run = 0;
  #tries = 0;
  #silent = 0;
  #resets = 0;
  /** A beat whose seq was not our cursor, and the cursor we had then. */
  #odd: { beat: number; cursor: number | null } | null = null;
  #cancelRetry: () => void = () => {};
  #cancelCheck: () => void = () => {};
  readonly #near: Surroundings;
  readonly #tell: Listener;

  constructor(near: Surroundings, tell: Listener) {
    this.#near = near;
    this.#tell = tell;
    this.#heard = near.now();
  }

  start(): void {
    this.#heard = this.#near.now();
    this.#watch();
    void this.#begin();
  }

  /** Throw away what we know and run start-up: after unlocking, and when a person presses "Try again now". */
  restart(): void {
    this.#tries = 0;
    void this.#begin();
  }

  stop(): void {
    this.#run++;
    this.#cancelRetry();
    this.#cancelCheck();
    this.#drop();
    this.#cursor = null;
  }

  /** High and imminent alerts ask whether a screen that somebody can see has shown them. */
  seen(incident: string): void {
    this.#unsaid.push({ seen: this.#cursor ?? 0, incident });
    this.#sayUnsaid();
  }

  #sayUnsaid(): void {
    if (!this.#open || this.#locked) return;
    for (const message of this.#unsaid.splice(0)) this.#wire?.send(JSON.stringify(message));
  }

  async #begin(): Promise<void> {
    const run = ++this.#run;
    this.#cancelRetry();
    this.#drop();
    this.#silent = 0;
    this.#odd = null;
    try {
      const board = await this.#near.snapshot();
      if (run !== this.#run) return;
      this.#cursor = board.seq;
      this.#locked = false;
      this.#hear();
      this.#tell.snapshot(board);
      this.#tell.shown();
      this.#connect();
    } catch (error) {
      if (run !== this.#run) return;
      if (error instanceof Refused && error.status === LOCKED) {
        this.#locked = true;
        this.#connect();
      } else if (error instanceof Refused && error.status < 500) {
        this.#tell.refused(error);
      } else {
        this.#later(() => void this.#begin());
      }
    }
  }

  #connect(): void {
    const run = this.#run;
    this.#drop();
    const wire = this.#near.open();
    let said = false;
    this.#wire = wire;
    this.#open = false;
    wire.onopen = () => {
      if (wire !== this.#wire) return;
      wire.send(JSON.stringify({ after: this.#cursor ?? 0 }));
      this.#open = true;
      this.#sayUnsaid();
    };
    wire.onmessage = ({ data }) => {
      if (wire !== this.#wire || run !== this.#run) return;
      said = true;
      this.#silent = 0;
      this.#hear();
      this.#take(JSON.parse(String(data)) as LiveMessage);
    };
    wire.onclose = () => {
      if (wire !== this.#wire || run !== this.#run) return;
      this.#wire = null;
      this.#open = false;
      if (!said) this.#silent++;
      const again = this.#cursor === null || this.#silent >= SILENT_SOCKETS;
      this.#later(() => (again ? void this.#begin() : this.#connect()));
    };
  }

  #take(message: LiveMessage): void {
    if ("reset" in message) {
      // The first at once; a second before anything else came is a server that cannot go on from here yet.
      this.#drop();
      if (this.#resets++ === 0) void this.#begin();
      else this.#later(() => void this.#begin());
      return;
    }
    this.#resets = 0;
    this.#tries = 0;
    if ("locked" in message) {
      this.#locked = true;
      this.#cursor = message.seq;
      this.#tell.locked(message.alarms);
    } else if ("beat" in message) {
      this.#tell.beat(message.beat);
      if (!this.#locked) this.#compare(message.seq);
    } else if (this.#cursor === null || message.after > this.#cursor) {
      void this.#begin();
    } else if (message.seq > this.#cursor || message.after === this.#cursor) {
      // Cards are whole and replaced by id, so a message that also covers older entries does no harm. One that begins
      // and ends at our cursor covers none: it tells of an emergency ahead of the rest.
      this.#cursor = message.seq;
      this.#tell.cards(message.cards, message.gone ?? []);
      this.#tell.shown();
    }
  }

  /** One odd beat may have overtaken its cards. Two, with a cursor that did not move, and something was lost. */
  #compare(beat: number): void {
    if (this.#cursor === null || beat === this.#cursor) {
      this.#odd = null;
    } else if (this.#odd && this.#odd.cursor === this.#cursor) {
      void this.#begin();
    } else {
      this.#odd = { beat, cursor: this.#cursor };
    }
  }

  #hear(): void {
    this.#heard = this.#near.now();
    if (this.#lost !== null) {
      this.#lost = null;
      this.#tell.liveSince(null);
    }
  }

  #watch(): void {
    this.#cancelCheck = this.#near.after(CHECK_MS, () => {
      this.#watch();
      if (this.#near.now() - this.#heard < NOT_LIVE_MS) return;
      if (this.#lost === null) {
        this.#lost = this.#heard;
        this.#tell.liveSince(this.#lost);
        // A socket that still looks open but has been dead for two beats will not recover by waiting.
        if (this.#wire) {
          this.#drop();
          this.#later(() => void this.#begin());
        }
      }
    });
  }

  #later(run: () => void): void {
    const wait = RETRY_MS[Math.min(this.#tries++, RETRY_MS.length - 1)] ?? 4000;
    this.#cancelRetry();
    // Up to a quarter more, so that forty boards do not all come back in the same instant.
    this.#cancelRetry = this.#near.after(wait * (1 + Math.random() / 4), run);
  }

  #drop(): void {
    const wire = this.#wire;
    this.#wire = null;
    this.#open = false;
    wire?.close();
  }
}
