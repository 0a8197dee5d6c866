/**
 * Loads the incident page before it is needed. Not inside a screen: sv-router takes any component whose source
 * contains an arrow function that imports for a lazy route, and calls it.
 */
export function fetchAhead(): void {
  void import("../incident/Incident.svelte").catch(() => {});
}
