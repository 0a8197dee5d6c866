import type * as Api from "../api";
import type { Answers } from "../check/contract";
import type { Tier } from "../contract";
import type { Sent } from "../sent";

/** Generated shapes; what the description leaves open is named here, as app/training has it. */
export type Home = Sent<Api.PracticeHome>;
export type Scene = Sent<Api.SceneLine>;
export type Judged = Sent<Api.SceneJudged>;
export type Mark = Judged["missed"][number];
export type Level = Tier | "not_assessed";
export type Next = "words" | "ask" | "colleague" | "outside";
export type Stands = Sent<Api.PracticeStands>;
export type Reviewed = Sent<Api.PracticeReviewed>;
export type Run = Sent<Api.PracticeRunLine>;
export type Module = Sent<Api.WordsView>;
export type Part = Module["parts"][number];
export type Talk = Module["talks"][number];
export type Question = Module["questions"][number];
export type Kept = Sent<Api.PracticeRunView>;
export type Team = Sent<Api.PracticeTeam>;
export type Person = Team["people"][number];
export type ToRead = Omit<Sent<Api.PracticeToRead>, "scenes"> & {
  scenes: (Omit<Sent<Api.Scene>, "shows"> & { shows: Answers })[];
};
