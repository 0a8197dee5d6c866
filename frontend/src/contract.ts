/**
 * The shapes of the server, by their own names. Those of requests are generated (`src/api`, never edited); those of the
 * socket stand here, because OpenAPI does not describe sockets. They are app/board/cards.py.
 */
import type * as Api from "./api";

export type {
  ByHand,
  CallView,
  Health,
  LaneView,
  Mark,
  Me,
  PersonRef,
  PlaceView,
  PresenceView,
  RoomView,
  StepView,
} from "./api";

/** `kind` tells cards apart; the description calls it optional, the server always sends it. */
type Kinded<C extends { kind?: unknown }> = Omit<C, "kind"> & { kind: NonNullable<C["kind"]> };
export type TileCard = Kinded<Api.TileCard>;
export type GroupCard = Kinded<Api.GroupCard>;
export type IncidentCard = Kinded<Api.IncidentCard>;
export type OutageCard = Kinded<Api.OutageCard>;
export type CallerCard = Kinded<Api.CallerCard>;
export type CareCard = Kinded<Api.CareCard>;
export type Card = TileCard | GroupCard | IncidentCard | OutageCard | CallerCard | CareCard;
export type Board = Omit<Api.Board, "cards"> & { cards: Card[] };

export type Tier = Api.IncidentCard["tier"];
export type PresenceWord = Api.PresenceView["state"];
export type PlaceState = Api.PlaceView["state"];
export type StepStatus = Api.StepView["status"];
export type Role = Api.Me["roles"][number];
export type Preferences = Api.Me["preferences"];

export interface LockedAlarm {
  tile: number;
  tier: Tier;
  limit_at: string | null;
}

export type LiveMessage =
  | { after: number; seq: number; cards: Card[]; gone?: string[] }
  | { beat: Api.Health; seq: number }
  | { reset: true }
  | { locked: true; seq: number; alarms: LockedAlarm[] };
