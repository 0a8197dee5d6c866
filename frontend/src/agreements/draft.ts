import type { FormDraft } from "../incident/draft";
import { agreement as say } from "../words/agreements";
import type { StepKind } from "./contract";

/** The form's answers as the server takes them. Pure but for the draft they are read from. */
export const KINDS: readonly StepKind[] = ["means", "connection", "body"];
/** (d) Twenty to sixty minutes, in quick picks. */
export const MINUTES = [20, 30, 45, 60] as const;

type Reads = Pick<FormDraft, "get">;

export interface Body {
  steps: { kind: StepKind; words: string }[];
  minutes: number;
  holder?: { who: string; contact_id?: string; name?: string; what: string };
  owner_id?: string;
  witness_id?: string;
}

export function missing(draft: Reads): Record<string, string | undefined> {
  const written = KINDS.some((kind) => draft.get(kind).trim());
  return {
    "steps.means": written ? undefined : say.oneNeeded,
    minutes: draft.get("minutes") ? undefined : say.minutesNeeded,
  };
}

export function bodyOf(draft: Reads): Body {
  const body: Body = {
    steps: KINDS.flatMap((kind) => {
      const words = draft.get(kind).trim();
      return words ? [{ kind, words }] : [];
    }),
    minutes: Number(draft.get("minutes")),
  };
  const holder = draft.get("holder");
  const what = draft.get("holds").trim();
  if (holder === "client") body.holder = { who: "client", what };
  else if (holder === "other") body.holder = { who: "other", name: draft.get("holder-name").trim(), what };
  else if (holder) body.holder = { who: "contact", contact_id: holder, what };
  if (draft.get("owner")) body.owner_id = draft.get("owner");
  if (draft.get("witness")) body.witness_id = draft.get("witness");
  return body;
}
