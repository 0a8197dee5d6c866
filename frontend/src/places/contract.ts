import type * as Api from "../api";

export type DispatchLine = Api.DispatchLineView;
export type LineKind = DispatchLine["kind"];
