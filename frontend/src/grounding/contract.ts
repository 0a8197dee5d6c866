import type * as Api from "../api";
import type { Sent } from "../sent";

/** Generated shapes: app/grounding/views.py and texts.py. */
export type Texts = Sent<Api.GroundingTexts>;
export type LanguageTexts = Sent<Api.ExerciseTexts>;
export type Pace = Sent<Api.Pace>;
export type Exercise = Api.GroundingNow["exercise"];
export type ForClient = Sent<Api.GroundingForClient>;
export type ForGroup = Sent<Api.GroundingForGroup>;
export type Now = Sent<Api.GroundingNow>;
export type Done = Sent<Api.GroundingDone>;
export type SmallStep = Api.SmallStep;
export type Known = Api.AskedNow["ideation"];
export type Toward = NonNullable<Api.SmallSteps["hidden"]>[number];

/** In the order in which they are offered: app/grounding/texts.py. */
export const EXERCISES: readonly Exercise[] = ["exhale", "box", "senses", "body", "pets"];
