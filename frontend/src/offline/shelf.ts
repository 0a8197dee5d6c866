import type { Box, Wrapped } from "./seal";

/** What lies in the browser: nothing that can be read without the key. `person` and times are plain, so that it can be wiped. */
export interface Kept {
  person: string;
  /** sheet:<meeting> or note:<command>. */
  name: string;
  at: number;
  box: Box;
}
export interface KeptKey {
  person: string;
  wrapped: Wrapped;
}

export interface Shelf {
  key(): Promise<KeptKey | undefined>;
  setKey(key: KeptKey): Promise<void>;
  all(): Promise<Kept[]>;
  put(kept: Kept): Promise<void>;
  remove(name: string): Promise<void>;
  clear(): Promise<void>;
}

const DATABASE = "handrail-kept";

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error ?? new Error("the browser keeps nothing"));
  });
}

/** IndexedDB, opened once. A browser that keeps nothing (a private window) makes every call fail, which callers bear. */
export class BrowserShelf implements Shelf {
  #opened: Promise<IDBDatabase> | undefined;

  #open(): Promise<IDBDatabase> {
    this.#opened ??= (() => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("key");
        request.result.createObjectStore("kept", { keyPath: "name" });
      };
      return asked(request);
    })();
    return this.#opened;
  }

  async #in(store: "key" | "kept", mode: IDBTransactionMode = "readonly"): Promise<IDBObjectStore> {
    return (await this.#open()).transaction(store, mode).objectStore(store);
  }

  async key(): Promise<KeptKey | undefined> {
    return asked((await this.#in("key")).get("one") as IDBRequest<KeptKey | undefined>);
  }
  async setKey(key: KeptKey): Promise<void> {
    await asked((await this.#in("key", "readwrite")).put(key, "one"));
  }
  async all(): Promise<Kept[]> {
    return asked((await this.#in("kept")).getAll() as IDBRequest<Kept[]>);
  }
  async put(kept: Kept): Promise<void> {
    await asked((await this.#in("kept", "readwrite")).put(kept));
  }
  async remove(name: string): Promise<void> {
    await asked((await this.#in("kept", "readwrite")).delete(name));
  }
  async clear(): Promise<void> {
    await asked((await this.#in("kept", "readwrite")).clear());
    await asked((await this.#in("key", "readwrite")).clear());
  }
}
