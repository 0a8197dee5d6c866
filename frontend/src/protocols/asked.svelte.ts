import type { Tier } from "../contract";

/** At which tier and for whom protocols are being read: kept while one goes from one to the next. */
class Asked {
  tier = $state<Tier>("high");
  variants = $state.raw<readonly string[]>([]);

  get query(): string {
    return [`tier=${this.tier}`, ...this.variants.map((name) => `variant=${name}`)].join("&");
  }
}

export const asked = new Asked();

export function choose(change: { tier?: Tier; variants?: readonly string[] }): void {
  if (change.tier) asked.tier = change.tier;
  if (change.variants) asked.variants = change.variants;
}
