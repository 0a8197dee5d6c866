export type LineKind = "dispatch" | "mobile_crisis" | "hotline" | "hospital";
export interface DispatchLine {
  id: string;
  kind: LineKind;
  agency: string;
  area: string;
  country: string;
  number: string;
  hours: string;
  police_involved: boolean;
  source: string;
  verified_on: string | null;
  verified_by: string | null;
  stale: boolean;
  retired: boolean;
}
