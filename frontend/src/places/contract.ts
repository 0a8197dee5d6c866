import type * as Api from "../api";

export type DispatchLine = Api.DispatchLineView;
export type LineKind = DispatchLine["kind"];
export type Covering = Api.Covering;
export type Likely = Api.LikelyView;
export type Region = Api.RegionView;
export type StateCard = Api.StateCardView;
export type CardBody = Api.CardBody;
export type CardAnswer = NonNullable<CardBody["must_warn"]>;
export type Import = Api.ImportView;
export type QuickReference = Api.QuickReference;
export type QuickPerson = Api.QuickPerson;
