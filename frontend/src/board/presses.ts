import { act } from "../act";
import type { IncidentCard, OutageCard, StepView, TileCard } from "../contract";
import { shownFirst, shownName } from "../names";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import {
  alert,
  group as groupWords,
  outage as outageWords,
  steps,
  taps,
  tile as tileWords,
} from "../words/board";

/** What the buttons of the board do. Nothing here changes a card: cards come back from the server. */

const incidentPath = (incident: IncidentCard) => `/incidents/${incident.incident_id}`;

export async function take(incident: IncidentCard): Promise<void> {
  const path = incidentPath(incident);
  if (!(await act(`${path}/take`, () => post(`${path}/take`)))) return;
  toasts.done(alert.taken(shownName(incident)), async () => {
    if (await act(`${path}/release`, () => post(`${path}/release`)))
      toasts.done(alert.released(shownName(incident)));
  });
}

export async function renew(incident: IncidentCard): Promise<void> {
  const path = `${incidentPath(incident)}/renew`;
  if (await act(path, () => post(path))) toasts.done(alert.renewed);
}

export async function seeInIncident(incident: IncidentCard): Promise<void> {
  const path = `${incidentPath(incident)}/seen`;
  if (await act(path, () => post(path))) toasts.done(alert.seen(shownFirst(incident)));
}

export type StepPress = "now" | "stop" | "skip";
const afterwards: Record<StepPress, string> = {
  now: steps.askedNow,
  stop: steps.stopped,
  skip: steps.skipped,
};

export async function step(
  incident: IncidentCard,
  { id }: StepView,
  press: StepPress,
  reason?: string,
): Promise<boolean> {
  const path = `${incidentPath(incident)}/steps/${id}/${press}`;
  const done = await act(path, () => post(path, reason === undefined ? {} : { reason }));
  if (done) toasts.done(afterwards[press]);
  return done !== undefined;
}

export async function notOurSide(outage: OutageCard): Promise<void> {
  const path = `/outages/${outage.outage_id}/not-our-side`;
  if (await act(path, () => post(path))) toasts.done(outageWords.clearing);
}

export async function seeEveryone(groupSessionId: string, here: number): Promise<void> {
  const path = `/group-sessions/${groupSessionId}/seen-all`;
  if (await act(path, () => post(path))) toasts.done(groupWords.seenAll(here));
}

export async function tap(tile: TileCard, path: string, word: string, body: object = {}): Promise<void> {
  const whole = `/group-sessions/${tile.group_session_id}/clients/${tile.client_id}/${path}`;
  if (await act(whole, () => post(whole, body))) toasts.done(taps.done(shownFirst(tile), word));
}

export async function admitDevice(tile: TileCard): Promise<void> {
  const path = `/group-sessions/${tile.group_session_id}/clients/${tile.client_id}/admit-device`;
  if (await act(path, () => post(path))) toasts.done(tileWords.admitted(shownFirst(tile)));
}
