import { act } from "../act";
import type { IncidentCard, TileCard } from "../contract";
import { shownFirst, shownName } from "../names";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import { alert } from "../words/board";
import { concern as say, type CodeWord, type Reason } from "../words/concerns";
import { signals } from "../words/signals";

const at = (group: string, client: string) => `/group-sessions/${group}/clients/${client}/concern`;

/** One press: the incident is there, and can be taken back as long as nothing went out. */
export async function raise(tile: TileCard, reason: Reason): Promise<void> {
  const path = at(tile.group_session_id, tile.client_id);
  const made = await act(path, () => post<{ incident_id: string }>(path, { reason }));
  if (!made) return;
  const first = shownFirst(tile);
  toasts.done(
    isCodeWord(reason) ? say.heard[reason](first) : say.raised(first, reason !== "observed"),
    takesBack(made.value.incident_id),
  );
}

const isCodeWord = (reason: Reason): reason is CodeWord => reason === "pause" || reason === "danger";

const takesBack = (incident: string) => async (): Promise<void> => {
  const back = `/incidents/${incident}/mispress`;
  if (await act(back, () => post(back))) toasts.done(say.takenBack);
};

/** What a possible signal is, said by a person; a code word opens its incident with the same press. */
export async function answerSignal(tile: TileCard, given: CodeWord | "not_meant"): Promise<void> {
  const path = `/group-sessions/${tile.group_session_id}/clients/${tile.client_id}/signal`;
  const made = await act(path, () => post<{ incident_id: string | null }>(path, { answer: given }));
  if (!made) return;
  const incident = made.value.incident_id;
  if (given === "not_meant" || !incident) toasts.done(signals.done);
  else toasts.done(say.heard[given](shownFirst(tile)), takesBack(incident));
}

export async function name(incident: IncidentCard, reason: Reason): Promise<void> {
  const path = at(incident.group_session_id, incident.client_id);
  if (await act(path, () => post(path, { reason }))) toasts.done(say.joined);
}

export async function crisis(incident: IncidentCard): Promise<void> {
  const path = `/incidents/${incident.incident_id}/crisis`;
  if (await act(path, () => post(path))) toasts.done(say.noted);
}

/** What stands over an alert: a loss, or what was raised. */
export const titleOf = (incident: IncidentCard): string =>
  incident.what === "concern"
    ? say.title(incident.reason, shownName(incident))
    : alert.lost(shownName(incident));
