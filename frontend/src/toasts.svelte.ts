/** Undo instead of "are you sure": eight seconds (clinical: a mis-press with no outside act yet is its author's to cancel). */
export const UNDO_MS = 8000;

/** A confirmation that asks nothing goes away before it is in the way. */
const NOTICE_MS = 4000;

export interface Toast {
  id: number;
  text: string;
  kind: "done" | "wrong";
  /** A press takes it back. Gone after eight seconds. */
  undo?: (() => unknown) | undefined;
  until: number;
}

class Toasts {
  list = $state.raw<readonly Toast[]>([]);
  #next = 1;

  #add(toast: Omit<Toast, "id" | "until">, lasts: number): number {
    const id = this.#next++;
    // A name may end a sentence with its own full stop: Ana R.
    const text = toast.text.replace(/(?<!\.)\.\.(?!\.)/g, ".");
    this.list = [...this.list, { ...toast, text, id, until: Date.now() + lasts }].slice(-4);
    setTimeout(() => this.close(id), lasts);
    return id;
  }

  done(text: string, undo?: () => unknown): number {
    return this.#add({ text, kind: "done", undo }, undo ? UNDO_MS : NOTICE_MS);
  }

  /** What went wrong stays twice as long: it has to be read. */
  wrong(text: string): number {
    return this.#add({ text, kind: "wrong" }, UNDO_MS * 2);
  }

  close(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }
}

export const toasts = new Toasts();
