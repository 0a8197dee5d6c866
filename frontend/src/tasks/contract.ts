import type * as Api from "../api";
import type { Sent } from "../sent";

export type TaskView = Sent<Api.TaskView>;
export type Counts = Api.CountsView;
export type Colleague = Api.Colleague;
export type Which = "mine" | "unowned" | "everyone" | "done";
