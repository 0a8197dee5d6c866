import type * as Api from "../api";
import type { Sent } from "../sent";

export type GroupView = Api.GroupView;
export type StaffRef = Sent<Api.StaffRef>;
export type GroupSessionRow = Sent<Api.GroupSessionRow>;
export type GroupSessionView = Sent<Api.GroupSessionView>;
export type RosterRow = Sent<Api.RosterRow>;
export type PartView = RosterRow["parts"][number];
export type GapView = PartView["gaps"][number];
export type Part = PartView["part"];
export type GapKey = GapView["key"];
export type Platform = GroupSessionRow["platform"];
export type PlatformView = Api.PlatformView;
export type NoteHead = Api.NoteHead;
export type NoteView = Api.NoteView;
export type UnmatchedPerson = Api.UnmatchedPerson;
export type StaffView = Sent<Api.StaffView>;
export type SheetView = Sent<Api.Sheet>;
export type SheetPerson = Sent<Api.SheetPerson>;

export type Place = "lead" | "cofacilitator" | "supervisor" | "backup";
export const PLACES: readonly Place[] = ["lead", "cofacilitator", "supervisor", "backup"];
