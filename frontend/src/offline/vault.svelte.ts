import type { CallSheet } from "./contract";
import { newKey, seal, unseal, unwrap, wrap } from "./seal";
import { BrowserShelf, type Shelf } from "./shelf";

const HOUR_MS = 3_600_000;
/** As long as a sign-in lasts. */
export const OLDEST_MS = 12 * HOUR_MS;
/** After its group has closed. */
export const AFTER_MS = HOUR_MS;

export interface KeptSheet {
  meeting: string;
  sheet: CallSheet;
  /** About whom a note can be written while the line is dead. */
  incidents: { id: string; name: string; initials: string }[];
  /** When it was true, by the server's clock. */
  at: number;
  /** Since when its group is over. */
  over: number | null;
}

/** Typed while the line was dead. `id` is the command's: sent twice it is written once. */
export interface Note {
  id: string;
  incident: string;
  about: string;
  initials: string;
  words: string;
  at: number;
  refused?: string;
}

/** Answers undefined when no answer came, true when it is written, or the sentence of a refusal. */
export type Send = (note: Note) => Promise<true | string | undefined>;

/**
 * The call sheets of the groups that are open, and notes that wait for the line. In clear in memory only; on the shelf
 * sealed, and readable after a reload once the PIN of this person is given.
 */
export class Vault {
  sheets = $state.raw<readonly KeptSheet[]>([]);
  notes = $state.raw<readonly Note[]>([]);
  /** Sealed things of this person lie there, and their key is not in memory. */
  locked = $state(false);
  /** Whether a reload would leave it readable with the PIN. */
  outlives = $state(false);
  /** Something lies there whose key was in memory alone: no PIN had been given before the reload. */
  unreadable = $state(false);
  #key: CryptoKey | undefined;
  #person = "";
  #sending = false;

  constructor(
    readonly shelf: Shelf = new BrowserShelf(),
    readonly rounds?: number,
  ) {}

  /** Whoever signs in: somebody else's copy is none of theirs. */
  async start(person: string): Promise<void> {
    if (this.#person === person && this.#key) return;
    await this.#bear(async () => {
      const lies = await this.shelf.key();
      if (this.#person !== person || (lies && lies.person !== person)) {
        this.#forgetClear();
        if (lies?.person !== person) await this.shelf.clear();
      }
      this.#person = person;
      this.locked = Boolean(lies && lies.person === person && !this.#key && (await this.shelf.all()).length);
    });
    this.#person = person;
  }

  /** Before anybody is signed in, because the server is gone: is there anything of anybody's? */
  async peek(): Promise<boolean> {
    let found = false;
    await this.#bear(async () => {
      const lies = await this.shelf.key();
      const there = (await this.shelf.all()).length > 0;
      found = Boolean(lies) && there;
      this.unreadable = there && !lies;
      this.locked = found;
    });
    return found;
  }

  async keep(sheet: KeptSheet): Promise<void> {
    this.sheets = [...this.sheets.filter((one) => one.meeting !== sheet.meeting), sheet];
    await this.#put(`sheet:${sheet.meeting}`, sheet.at, sheet);
  }

  /** About whom notes may be written, as it is now. */
  async about(meeting: string, incidents: KeptSheet["incidents"]): Promise<void> {
    const one = this.sheets.find((kept) => kept.meeting === meeting);
    const same = (known: KeptSheet["incidents"]): string => known.map((about) => about.id).join(" ");
    if (one && same(one.incidents) !== same(incidents)) await this.keep({ ...one, incidents });
  }

  /** Its group has closed, or it is too old. */
  async tidy(now: number, open: ReadonlySet<string> | undefined): Promise<void> {
    for (const one of this.sheets) {
      const over = open && !open.has(one.meeting) ? (one.over ?? now) : null;
      if (now - one.at > OLDEST_MS || (over !== null && now - over > AFTER_MS))
        await this.#drop(`sheet:${one.meeting}`);
      else if (over !== one.over && open) await this.keep({ ...one, over });
    }
    if (this.locked) await this.#bear(() => this.#tidySealed(now));
    this.sheets = this.sheets.filter(
      (one) => now - one.at <= OLDEST_MS && (one.over === null || now - one.over <= AFTER_MS),
    );
  }

  /** What nobody opens is not kept for longer than what is read. Notes wait for their person. */
  async #tidySealed(now: number): Promise<void> {
    for (const one of await this.shelf.all())
      if (one.name.startsWith("sheet:") && now - one.at > OLDEST_MS) await this.shelf.remove(one.name);
    this.locked = (await this.shelf.all()).length > 0;
  }

  /** The person has just given their PIN, and it was right. */
  async learn(pin: string): Promise<void> {
    await this.#bear(async () => {
      if (this.locked) return void (await this.open(pin));
      const key = await this.#own();
      if (!key.extractable) return;
      const wrapped = await wrap(key, pin, this.rounds);
      await this.shelf.setKey({ person: this.#person, wrapped });
      this.#key = await unwrap(wrapped, pin, this.rounds);
      this.outlives = true;
    });
  }

  /** False: the PIN was another one. */
  async open(pin: string): Promise<boolean> {
    const lies = await this.shelf.key();
    if (!lies) return false;
    try {
      this.#key = await unwrap(lies.wrapped, pin, this.rounds);
    } catch {
      return false;
    }
    this.#person = lies.person;
    const sheets: KeptSheet[] = [];
    const notes: Note[] = [];
    for (const kept of await this.shelf.all()) {
      try {
        if (kept.name.startsWith("note:")) notes.push(await unseal<Note>(this.#key, kept.name, kept.box));
        else sheets.push(await unseal<KeptSheet>(this.#key, kept.name, kept.box));
      } catch {
        // Sealed with a key that is gone: nobody can ever read it.
        await this.shelf.remove(kept.name);
      }
    }
    // What this tab had before it knew the key is sealed with it from now on.
    const mine = { sheets: this.sheets, notes: this.notes };
    this.sheets = [
      ...mine.sheets,
      ...sheets.filter((one) => !mine.sheets.some((s) => s.meeting === one.meeting)),
    ];
    this.notes = [...notes.filter((one) => !mine.notes.some((n) => n.id === one.id)), ...mine.notes];
    this.locked = false;
    this.outlives = true;
    for (const one of mine.sheets) await this.#put(`sheet:${one.meeting}`, one.at, one);
    for (const one of mine.notes) await this.#put(`note:${one.id}`, one.at, one);
    return true;
  }

  async note(note: Note): Promise<void> {
    this.notes = [...this.notes.filter((one) => one.id !== note.id), note];
    await this.#put(`note:${note.id}`, note.at, note);
  }

  async takeAway(id: string): Promise<void> {
    this.notes = this.notes.filter((one) => one.id !== id);
    await this.#drop(`note:${id}`);
  }

  /** A person says so: it is tried once more. */
  async again(id: string): Promise<void> {
    const note = this.notes.find((one) => one.id === id);
    if (!note) return;
    const plain = { ...note };
    delete plain.refused;
    await this.note(plain);
  }

  /** In the order in which they were typed. Each goes away only when the server has it. Answers how many it took. */
  async send(send: Send): Promise<number> {
    if (this.#sending) return 0;
    this.#sending = true;
    let written = 0;
    try {
      for (const note of [...this.notes].filter((one) => !one.refused).sort((a, b) => a.at - b.at)) {
        const answer = await send(note);
        if (answer === undefined) break;
        if (answer === true) {
          written++;
          await this.takeAway(note.id);
        } else await this.note({ ...note, refused: answer });
      }
    } finally {
      this.#sending = false;
    }
    return written;
  }

  /** Signed out. Notes that the server has not got yet wait for the same person, sealed. */
  async wipe(): Promise<void> {
    this.sheets = [];
    await this.#bear(async () => {
      const kept = await this.shelf.all();
      if (this.notes.length || kept.some((one) => one.name.startsWith("note:"))) {
        for (const one of kept) if (one.name.startsWith("sheet:")) await this.shelf.remove(one.name);
        return;
      }
      this.#forgetClear();
      await this.shelf.clear();
    });
  }

  // --- what they share

  #forgetClear(): void {
    this.#key = undefined;
    this.#person = "";
    this.sheets = [];
    this.notes = [];
    this.locked = this.outlives = this.unreadable = false;
  }

  async #own(): Promise<CryptoKey> {
    this.#key ??= await newKey();
    return this.#key;
  }

  /** While a copy lies sealed from before, memory alone: in its place would lie one that no PIN opens. With the PIN this
      one takes its place. */
  async #put(name: string, at: number, value: unknown): Promise<void> {
    if (this.locked) return;
    await this.#bear(async () => {
      const box = await seal(await this.#own(), name, value);
      await this.shelf.put({ person: this.#person, name, at, box });
    });
  }

  async #drop(name: string): Promise<void> {
    if (this.locked) return;
    await this.#bear(() => this.shelf.remove(name));
  }

  /** Memory holds it all the same: a browser that keeps nothing must not stop anybody. */
  async #bear(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch {
      this.outlives = false;
    }
  }
}

export const vault = new Vault();
