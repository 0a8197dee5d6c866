import { agreement } from "../words/agreements";
import { check } from "../words/check";
import { grounding } from "../words/grounding";
import type { Panel } from "./state.svelte";

/** Steps of a protocol that are done in a panel of their own, by the step's action: which one, and what its button says. */
export const OPENS: Readonly<Record<string, { panel: Panel; word: string } | undefined>> = {
  "person.ground": { panel: { is: "grounding" }, word: grounding.open },
  "person.agree": { panel: { is: "agreement" }, word: agreement.open },
  "person.safety_check": { panel: { is: "check" }, word: check.open },
};
