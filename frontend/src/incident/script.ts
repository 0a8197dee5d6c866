import type { DispatchCard, LineToDial } from "./contract";

export interface Part {
  /** What is sent as read back: never words of the script, which hold names and places. */
  key: string;
  text: string;
  isPlace: boolean;
  readBack: boolean;
}

/**
 * The script as lines to tick. The line that holds the address is split at it, so that the place stands alone in the
 * largest type: it is what has to be read back.
 */
export function partsOf(card: Pick<DispatchCard, "script" | "place" | "legal_name">): Part[] {
  const { address } = card.place;
  return card.script.flatMap((line, n): Part[] => {
    const at = address ? line.indexOf(address) : -1;
    if (address && at >= 0) {
      const before = line.slice(0, at).trim();
      const after = line.slice(at + address.length).replace(/^[\s.]+/, "");
      return [
        ...(before ? [part(`line ${n + 1}`, before)] : []),
        { key: "place", text: address, isPlace: true, readBack: true },
        ...(after ? [part(`line ${n + 1} after`, after)] : []),
      ];
    }
    return [part(`line ${n + 1}`, line, line.includes(card.legal_name))];
  });
}

const part = (key: string, text: string, readBack = false): Part => ({ key, text, isPlace: false, readBack });

/** The dispatch line of the place, or whatever else is known for it that is not shown already. */
export const dispatchLine = (card: Pick<DispatchCard, "lines">): LineToDial | undefined =>
  card.lines.find((line) => line.kind === "dispatch") ?? card.lines.find((line) => line !== gentleLine(card));

/** A team without police that the server put first: it answers now, and it is safe to ask it first. */
export const gentleLine = (card: Pick<DispatchCard, "lines">): LineToDial | undefined => {
  const first = card.lines[0];
  return first?.kind === "mobile_crisis" && first.police_involved === false ? first : undefined;
};
