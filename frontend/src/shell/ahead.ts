import { known } from "../grounding/texts.svelte";
import { me } from "../me.svelte";

/**
 * Loads the incident page before it is needed. Not inside a screen: sv-router takes any component whose source
 * contains an arrow function that imports for a lazy route, and calls it.
 */
export function fetchAhead(): void {
  void import("../incident/Incident.svelte").catch(() => {});
  void import("../emergency/Screen.svelte").catch(() => {});
  // Read out also when the line to the server is gone.
  if (me.has("clinician", "supervisor")) void known.read();
}
