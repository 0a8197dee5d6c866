// The looks of what comes second are there from the first: rules that arrive later would come after those they give way to.
import "../care/care.css";
import "../emergency/emergency.css";
import "../emergency/press.css";
import "../follow_ups/follow_ups.css";
import "../grounding/grounding.css";
import "../groups/sheet.css";
import "../offline/offline.css";
import "../parts/forms.css";
import "../places/quick.css";
import { me } from "../me.svelte";

type Parts = typeof import("./second");

/**
 * What no board waits for, and no press may wait for: fetched once the board stands. Chromium remembers a file that did not come for as
 * long as the page lives, so that asking again is of no use: the person is told, and loads again.
 */
class Ahead {
  parts = $state.raw<Parts>();
  failed = $state(false);
  #asked = false;

  fetch(): void {
    if (this.#asked) return;
    this.#asked = true;
    import("./second").then(
      (parts) => {
        this.parts = parts;
      },
      () => {
        this.failed = true;
      },
    );
  }
}

export const ahead = new Ahead();

/**
 * Loads the incident page before it is needed. Not inside a screen: sv-router takes any component whose source
 * contains an arrow function that imports for a lazy route, and calls it.
 */
export function fetchAhead(): void {
  ahead.fetch();
  void import("../incident/Incident.svelte").catch(() => {});
  void import("../emergency/Screen.svelte").catch(() => {});
}

/** Read out also when the line to the server is gone. */
export function readAhead(parts: Parts): void {
  if (me.has("clinician", "supervisor")) void parts.known.read();
}
