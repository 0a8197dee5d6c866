import type * as Api from "../api";
import type { Sent } from "../sent";

/** Generated shapes: app/agreements/views.py; the mark on an alert is app/board/cards.py. */
export type AgreedList = Sent<Api.AgreedList>;
export type Agreed = Sent<Api.Agreed>;
export type Mark = Sent<Api.AgreementMark>;
export type StepKind = Api.AgreedStep["kind"];
export type Answer = Api.RecheckAnswer["outcome"];
