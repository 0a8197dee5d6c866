import type { PlaceView } from "../contract";
import { alert } from "../words/board";

/** "at Home, alone", "place told privately": for the line under an alert's name. */
export function placeInWords(place: PlaceView): string {
  const where =
    place.state === "missing"
      ? alert.noPlace
      : place.label
        ? alert.atPlace(place.label.toLowerCase() === "home" ? "home" : place.label)
        : place.state === "told_privately"
          ? alert.placeTold
          : alert.noPlace;
  if (place.alone === "yes") return `${where}, ${alert.alone}`;
  if (place.alone === "no") return `${where}, ${alert.notAlone}`;
  return where;
}
