import type { IncidentCard } from "../contract";
import { me } from "../me.svelte";
import { shownFirst, shownName } from "../names";
import { firstNameOf, tierWord } from "../words";
import { lanes as say, said } from "../words/lanes";
import { alarmed } from "./lanes";

/** What a screen reader hears of lanes, each once, with whether it interrupts: only an alarm at imminent does. */
export function lanesSaid(incident: IncidentCard): [words: string, loud: boolean][] {
  const first = shownFirst(incident);
  const loud = incident.tier === "imminent";
  const heard: [string, boolean][] = alarmed(incident).map((lane) => [
    said.alarm(tierWord[incident.tier], say.alarm(lane.lane, first), shownName(incident)),
    loud,
  ]);
  for (const lane of incident.lanes ?? []) {
    if (lane.offered_to && lane.offered_to.id === me.person?.id)
      heard.push([said.offer(firstNameOf(lane.owner?.name ?? ""), say.whatOf(lane.lane, first)), false]);
    if (lane.asked) heard.push([said.asked, false]);
  }
  if (incident.alone) heard.push([said.alone, false]);
  return heard;
}
