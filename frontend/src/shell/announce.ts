import { callerName, isRinging } from "../board/callers";
import { titleOf } from "../board/concerns";
import { standsAt } from "../agreements/clock";
import type { CallerCard, IncidentCard } from "../contract";
import { shownName } from "../names";
import { minutesLate, nextLimit, stillYours, type Absent } from "../board/order";
import { tierWord } from "../words";
import { mark as sayAgreement } from "../words/agreements";
import { lanesSaid } from "../lanes/said";
import { said as say } from "../words/board";
import { callers as sayCallers } from "../words/callers";

/** Screen readers hear thresholds, not a ticking clock. Each is said once. */
const NEAR_MS = 10_000;

export interface Said {
  urgent: boolean;
  text: string;
}

interface Known {
  owner: string | null;
  answered: boolean;
  privateCheck: boolean;
  limit: number;
  near: boolean;
  late: boolean;
  /** The end of the acknowledgement that its owner was asked about. */
  asked: string | null;
  /** What was said of the agreement: its time, or that it was missed. */
  agreement: string | null;
  /** What was said of its lanes. */
  lanes: ReadonlySet<string>;
}

export class Announcer {
  #known = new Map<string, Known>();
  #absent: ReadonlySet<string> = new Set();
  #missed: ReadonlySet<string> = new Set();

  hear(
    incidents: readonly IncidentCard[],
    now: number,
    absent: readonly Absent[] = [],
    callers: readonly CallerCard[] = [],
  ): Said[] {
    const said: Said[] = [];
    const missed = callers.filter((caller) => !isRinging(caller, now));
    for (const caller of missed)
      if (!this.#missed.has(caller.id))
        said.push({ urgent: caller.tier === "imminent", text: sayCallers.said(callerName(caller)) });
    this.#missed = new Set(missed.map((caller) => caller.id));
    for (const { tile, group } of absent) {
      if (this.#absent.has(tile.id)) continue;
      const text = say.absent(tierWord[tile.tier], shownName(tile), minutesLate(group, now));
      said.push({ urgent: tile.tier === "imminent", text });
    }
    this.#absent = new Set(absent.map(({ tile }) => tile.id));
    const present = new Map<string, Known>();
    for (const incident of incidents) {
      present.set(incident.id, this.#one(incident, now, said));
    }
    this.#known = present;
    return said;
  }

  #one(incident: IncidentCard, now: number, said: Said[]): Known {
    const name = shownName(incident);
    const before = this.#known.get(incident.id);
    const owner = incident.owner?.name ?? null;
    const limit = nextLimit(incident);
    const urgent = incident.tier === "imminent" || incident.tier === "high";
    const say1 = (text: string, loud = urgent) => said.push({ urgent: loud, text });

    if (!before && owner === null) say1(say.arrived(tierWord[incident.tier], titleOf(incident)), true);
    if (before && before.owner !== owner)
      say1(owner === null ? say.nobody(name) : say.taken(owner, name), owner === null);
    if (incident.somebody_answered && !before?.answered) say1(say.answered(name), true);
    if (incident.private_check && !before?.privateCheck) say1(say.back(name), false);

    const asked = stillYours(incident, now) ? (incident.owned_until ?? null) : null;
    if (asked !== null && before?.asked !== asked) say1(say.stillYours(name), false);

    const agreement = this.#agreement(incident, now);
    if (agreement && before?.agreement !== agreement.key) say1(agreement.text, false);
    const lanes = lanesSaid(incident);
    for (const [words, loud] of lanes) if (!before?.lanes.has(words)) say1(words, loud);

    const same = before?.limit === limit;
    const near = now >= limit - NEAR_MS;
    const late = now > limit;
    if (near && !late && !(same && before.near)) say1(say.near(name));
    if (late && !(same && before.late)) say1(say.late(name));
    return {
      owner,
      answered: incident.somebody_answered ?? false,
      privateCheck: incident.private_check ?? false,
      limit,
      near,
      late,
      asked,
      agreement: agreement?.key ?? null,
      lanes: new Set(lanes.map(([words]) => words)),
    };
  }

  /** R14: said to a screen reader, never sounded. */
  #agreement(incident: IncidentCard, now: number): { key: string; text: string } | undefined {
    const mark = incident.agreement;
    if (!mark) return undefined;
    const { is } = standsAt({ ...mark, check_wanted_at: mark.check_wanted_at ?? null }, now);
    if (is === "standing" || is === "check") return undefined;
    const name = shownName(incident);
    const text = is === "asked" ? sayAgreement.saidAsked(name) : sayAgreement.saidMissed(name);
    return { key: `${mark.agreement_id} ${is}`, text };
  }
}
