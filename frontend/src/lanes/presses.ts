import { act } from "../act";
import type { IncidentCard, LaneView, RoomView } from "../contract";
import { shownFirst } from "../names";
import { post } from "../request";
import { toasts } from "../toasts.svelte";
import { firstNameOf } from "../words";
import { closing, lanes as say, room as sayRoom } from "../words/lanes";
import type { Lane } from "./lanes";

/** What the buttons do. Nothing here changes a card: cards come back from the server. */
async function press(path: string, body: object, done: string): Promise<boolean> {
  if (!(await act(path, () => post(path, body)))) return false;
  toasts.done(done);
  return true;
}

const at = (incident: IncidentCard, lane: Lane, what: string): string =>
  `/incidents/${incident.incident_id}/lanes/${lane}/${what}`;

export const take = (incident: IncidentCard, lane: LaneView): Promise<boolean> =>
  press(at(incident, lane.lane, "take"), {}, say.taken(lane.lane, shownFirst(incident)));

export const takeAs = (incident: IncidentCard, lane: Lane): Promise<boolean> =>
  press(`/incidents/${incident.incident_id}/take-as`, { lane }, say.taken(lane, shownFirst(incident)));

export const offer = (
  incident: IncidentCard,
  lane: LaneView,
  to: { id: string; name: string },
): Promise<boolean> =>
  press(at(incident, lane.lane, "offer"), { to: to.id }, say.offeredDone(firstNameOf(to.name)));

export const takeBack = (incident: IncidentCard, lane: LaneView): Promise<boolean> =>
  press(at(incident, lane.lane, "take-back"), {}, say.kept);

export const answer = (incident: IncidentCard, lane: LaneView, yes: boolean): Promise<boolean> =>
  press(at(incident, lane.lane, yes ? "accept" : "decline"), {}, yes ? say.accepted : say.declined);

export const letGo = (incident: IncidentCard, lane: LaneView): Promise<boolean> =>
  press(at(incident, lane.lane, "let-go"), {}, say.letGoDone);

export const vouch = (incident: IncidentCard, lane: LaneView): Promise<boolean> =>
  press(at(incident, lane.lane, "vouch"), {}, say.vouched(firstNameOf(lane.owner?.name ?? "")));

export interface Closing {
  how: "paused" | "ended";
  words?: string;
  /** R5: nobody came, so whoever closes the group calls as well. */
  call: boolean;
}

export function closeGroup(incident: IncidentCard, { how, words, call }: Closing): Promise<boolean> {
  const done = how === "paused" ? closing.pausedDone : closing.endedDone;
  if (call) return press(at(incident, "caller", "take-and"), { group: how, checked: how === "ended" }, done);
  if (how === "paused") return press(at(incident, "group", "pause"), {}, done);
  return press(at(incident, "group", "end"), { checked: true, ...(words ? { words } : {}) }, done);
}

interface Who {
  group_session_id: string;
  client_id: string;
  name: string;
  initials: string;
}

export const openRoom = (who: Who, staffId?: string): Promise<boolean> =>
  press(
    `/group-sessions/${who.group_session_id}/clients/${who.client_id}/breakout`,
    staffId ? { staff_id: staffId } : {},
    sayRoom.opened(shownFirst(who)),
  );

const inRoom = (room: RoomView, what: string): string => `/breakouts/${room.id}/${what}`;

export const goes = (room: RoomView, staff: { id: string; name: string }): Promise<boolean> =>
  press(inRoom(room, "goes"), { staff_id: staff.id }, sayRoom.goesDone(firstNameOf(staff.name)));

export const joined = (room: RoomView, name: string): Promise<boolean> =>
  press(inRoom(room, "joined"), {}, sayRoom.joinedDone(name));

export const fine = (room: RoomView, lookedIn: boolean): Promise<boolean> =>
  press(inRoom(room, "fine"), {}, lookedIn ? sayRoom.lookedInDone : sayRoom.fineDone);

export type Decision = "return" | "stay" | "leave_with_plan" | "escalate";
const afterwards: Record<Decision, (name: string) => string> = {
  return: sayRoom.backDone,
  stay: () => sayRoom.stayDone,
  leave_with_plan: sayRoom.leaveDone,
  escalate: () => sayRoom.escalateDone,
};

export function decide(room: RoomView, decision: Decision, name: string, plan?: string): Promise<boolean> {
  const done = room.joined_at ? afterwards[decision](name) : sayRoom.notNowDone(name);
  return press(inRoom(room, "decide"), plan ? { decision, plan } : { decision }, done);
}
