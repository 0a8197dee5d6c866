import type { AccessLine } from "../clients/contract";
import { Loaded } from "../loaded.svelte";
import { refresh } from "../request";

/** Emergency accesses that concern this person: their own that are open; for supervisors whatever waits for a look. */
class Standing {
  readonly loaded = new Loaded<AccessLine[]>();

  get lines(): readonly AccessLine[] {
    return this.loaded.value ?? [];
  }
  read(): Promise<void> {
    return this.loaded.load(() => refresh<AccessLine[]>("/emergency-access"));
  }
}

export const standing = new Standing();
