import type * as Api from "../api";
import type { Sent } from "../sent";

export type CallSheet = Sent<Api.CallSheet>;
