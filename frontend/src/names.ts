import { prefs } from "./prefs.svelte";
import { firstNameOf } from "./words";

/** Initials mode, for screen sharing: no name of a client is on the screen, wherever it stands in a sentence. */
export interface Named {
  name: string;
  initials: string;
}

export const shownName = (person: Named): string => (prefs.initials ? person.initials : person.name);
export const shownFirst = (person: Named): string =>
  prefs.initials ? person.initials : firstNameOf(person.name);

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

export function withInitials(text: string, person: Named): string {
  const forms = [person.name, firstNameOf(person.name)].filter((form) => form.length > 1);
  const edge = (form: string) => `(?<![\\p{L}\\p{N}])${escape(form)}(?![\\p{L}\\p{N}])`;
  return text.replace(new RegExp(forms.map(edge).join("|"), "gu"), person.initials);
}

/** A sentence from the server with this person's name in it, as the screen may show it now. */
export const shownText = (text: string, person: Named): string =>
  prefs.initials ? withInitials(text, person) : text;
