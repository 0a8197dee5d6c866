import { SvelteMap } from "svelte/reactivity";
import { clock } from "../clock.svelte";
import type {
  Board,
  Card,
  CareCard,
  GroupCard,
  Health,
  IncidentCard,
  LockedAlarm,
  OutageCard,
  TileCard,
} from "../contract";
import { alarmed, asksOf } from "../lanes/lanes";
import { Live, type Listener, type Surroundings, type Wire } from "../live";
import { me } from "../me.svelte";
import { getOnce } from "../request";
import { callersOf } from "./callers";
import { absent, bySignal, byUrgency } from "./order";

/** What the screens read. Live is the only one who writes it. */
class BoardStore {
  readonly cards = new SvelteMap<string, Card>();
  health = $state.raw<Health | null>(null);
  /** null: live. Otherwise the moment, in the server's time, of the last word from it. */
  notLiveSince = $state<number | null>(null);
  /** False until the first snapshot is on the screen. */
  loaded = $state(false);
  alarms = $state.raw<readonly LockedAlarm[]>([]);
  // Nothing is drawn from it.

  #said = new Set<string>();

  groups = $derived(
    this.#of("group")
      .filter((group) => group.state === "open" || group.state === "paused" || group.state === "scheduled")
      .sort((a, b) =>
        a.starts_at === b.starts_at ? a.name.localeCompare(b.name) : a.starts_at.localeCompare(b.starts_at),
      ),
  );
  incidents = $derived(this.#of("incident").filter((incident) => incident.state === "open"));
  outages = $derived(this.#of("outage"));
  alerts = $derived(byUrgency(this.incidents));
  unowned = $derived(this.alerts.filter((incident) => incident.owner === null));
  /** R19: an alert of its own kind, with no clock and nobody who takes it. */
  absent = $derived(absent(this.#of("tile"), this.groups));

  /** Everybody else of a group in which something happened, the newest first; they outlive the group session. */
  cares = $derived(this.#of("care").sort((a, b) => b.begun_at.localeCompare(a.begun_at)));

  /** Somebody rang us, and nobody has handled it. */
  callers = $derived(callersOf([...this.cards.values()]));

  /** Possible quiet signals of which nobody has said what they are. */
  signals = $derived(
    bySignal(
      this.#of("tile")
        .filter((tile) => tile.marks.some((mark) => mark.kind === "signal"))
        .flatMap((tile) => {
          const group = this.group(tile.group_session_id);
          return group ? [{ tile, group }] : [];
        }),
    ),
  );

  /** B9: alerts with a lane that nobody has, and is alarmed about. */
  laneAlarms = $derived(this.alerts.filter((incident) => alarmed(incident).length > 0));

  /** What colleagues offer me, the one that ends first before the others. */
  laneOffers = $derived(
    this.alerts
      .flatMap((incident) => (incident.lanes ?? []).map((lane) => ({ incident, lane })))
      .filter(({ lane }) => lane.offered_to && lane.offered_to.id === me.person?.id)
      .sort((a, b) => (a.lane.offer_ends ?? "").localeCompare(b.lane.offer_ends ?? "")),
  );

  /** What private rooms ask of me now. */
  roomAsks = $derived(
    this.#of("tile").flatMap((tile) => {
      const group = this.group(tile.group_session_id);
      return group && me.person ? (asksOf(tile, group, me.person.id) ?? []) : [];
    }),
  );

  get live(): boolean {
    return this.notLiveSince === null;
  }

  #of<K extends Card["kind"]>(kind: K): Extract<Card, { kind: K }>[] {
    return [...this.cards.values()].filter((card): card is Extract<Card, { kind: K }> => card.kind === kind);
  }

  group(id: string): GroupCard | undefined {
    return this.groups.find((group) => group.group_session_id === id);
  }

  tile(groupSessionId: string, clientId: string): TileCard | undefined {
    const card = this.cards.get(`tile:${groupSessionId}:${clientId}`);
    return card?.kind === "tile" ? card : undefined;
  }

  incident(id: string): IncidentCard | undefined {
    const card = this.cards.get(`incident:${id}`);
    return card?.kind === "incident" ? card : undefined;
  }

  caresOf(groupSessionId: string): CareCard[] {
    return this.cares.filter((care) => care.group_session_id === groupSessionId);
  }

  outage(id: string): OutageCard | undefined {
    const card = this.cards.get(`outage:${id}`);
    return card?.kind === "outage" ? card : undefined;
  }

  readonly listener: Listener = {
    snapshot: (board: Board) => {
      const fresh = new Set(board.cards.map((card) => card.id));
      for (const id of [...this.cards.keys()]) if (!fresh.has(id)) this.cards.delete(id);
      for (const card of board.cards) this.cards.set(card.id, card);
      this.#healthy(board.health);
      this.loaded = true;
    },
    cards: (cards, gone) => {
      for (const card of cards) this.cards.set(card.id, card);
      for (const id of gone) this.cards.delete(id);
    },
    beat: (health) => this.#healthy(health),
    locked: (alarms) => {
      this.alarms = alarms;
      me.coverNow();
    },
    liveSince: (lost) => {
      this.notLiveSince = lost === null ? null : lost + clock.ahead;
    },
    refused: (error) => {
      if (error.status === 401) me.signedOut();
    },
    shown: () => requestAnimationFrame(() => this.sayIfVisible()),
  };

  #healthy(health: Health): void {
    this.health = health;
    clock.serverSaid(health.at);
  }

  /** Only after it is drawn, only while somebody could look at it, once per alert. */
  sayIfVisible(): void {
    if (document.visibilityState !== "visible" || me.covered) return;
    for (const incident of this.incidents) {
      if (!incident.needs_seen || this.#said.has(incident.incident_id)) continue;
      this.#said.add(incident.incident_id);
      live.seen(incident.incident_id);
    }
  }

  forget(): void {
    this.cards.clear();
    this.#said.clear();
    this.alarms = [];
    this.health = null;
    this.loaded = false;
    this.notLiveSince = null;
  }
}

const surroundings: Surroundings = {
  snapshot: () => getOnce<Board>("/board"),
  open: () => {
    const { protocol, host } = location;
    return new WebSocket(`${protocol === "https:" ? "wss" : "ws"}://${host}/api/live`) as Wire;
  },
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export const board = new BoardStore();
export const live = new Live(surroundings, board.listener);
