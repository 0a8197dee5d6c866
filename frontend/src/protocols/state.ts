import { day } from "../times";
import { protocols as say } from "../words/protocols";
import type { Version } from "./contract";

/** Who did the last thing to a version, and when. */
export function lastWord(version: Version): string {
  const { approved, published, retired } = version;
  if (retired) {
    return version.replaced
      ? say.replacedBy(retired.by, day(retired.at))
      : say.retiredBy(retired.by, day(retired.at));
  }
  const signed = approved ? say.approvedBy(approved.by, approved.role, day(approved.at)) : "";
  if (published) return `${signed} · ${say.publishedBy(published.by, day(published.at))}`;
  return signed || say.madeOn(day(version.made_at));
}

/** The same, shorter: for a list. */
export function shortWord(version: Version): string {
  const { approved, published } = version;
  if (version.status !== "published" || !published) return lastWord(version);
  return say.inUse(day(published.at), approved?.by ?? "", approved?.role ?? null);
}
