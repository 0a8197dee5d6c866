import { withInitials } from "../names";
import { initialsOf } from "../people";
import { prefs } from "../prefs.svelte";
import type { IncidentPage } from "./contract";

/** Initials mode: none of the three names of this client is left in a sentence. */
export function hidden(text: string, { person }: Pick<IncidentPage, "person">): string {
  if (!prefs.initials) return text;
  return [person.legal_name, person.name, person.safe_name]
    .filter((name) => name !== "")
    .reduce((left, name) => withInitials(left, { name, initials: person.initials }), text);
}

/** Somebody the client named, who is not staff. */
export const hiddenContact = (name: string): string => (prefs.initials ? initialsOf(name) : name);
