import type { Exercise } from "../grounding/contract";

/** Said on the board, where the rest of the grounding panel's words are not yet. */
export const toGrounding = "Grounding";

export const exercises: Record<Exercise | "step", string> = {
  box: "Box breathing",
  exhale: "Longer breath out",
  senses: "Five senses",
  body: "Feet on the floor",
  pets: "With an animal",
  step: "One small step",
};
