import { wholeNumber } from "../clients/form.svelte";
import { forms } from "../words/forms";
import { places as say } from "../words/places";
import type { DispatchLine } from "./contract";

/** A line as a form holds it: text, one part on each line. */
export interface LineAnswers {
  kind: string;
  agency: string;
  area: string;
  country: string;
  number: string;
  hours: string;
  zone: string;
  police: "yes" | "no" | "unknown";
  source: string;
  states: string;
  counties: string;
  towns: string;
  zips: string;
  whole: boolean;
  cit: boolean;
  forClients: boolean;
  text: string;
  address: string;
  website: string;
  contact: string;
  notes: string;
  arrives: string;
  from: string;
  until: string;
  verified: boolean;
}

const together = (parts: readonly string[] | undefined): string => (parts ?? []).join("\n");
const apart = (text: string): string[] =>
  text
    .split(/[\n;]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** A new line answers nobody's question for them: police is not known until somebody asked. */
export const answersOf = (line: DispatchLine | undefined): LineAnswers => ({
  kind: line?.kind ?? "dispatch",
  agency: line?.agency ?? "",
  area: line?.area ?? "",
  country: line?.country ?? "US",
  number: line?.number ?? "",
  hours: line?.hours ?? say.always,
  zone: line?.time_zone ?? "",
  police:
    line === undefined || line.police_involved === null ? "unknown" : line.police_involved ? "yes" : "no",
  source: line?.source ?? "",
  states: together(line?.states),
  counties: together(line?.counties),
  towns: together(line?.towns),
  zips: together(line?.zip_prefixes),
  whole: line?.whole_country ?? false,
  cit: line?.cit ?? false,
  forClients: line?.for_clients ?? false,
  text: line?.text_how ?? "",
  address: line?.address ?? "",
  website: line?.website ?? "",
  contact: line?.contact ?? "",
  notes: line?.notes ?? "",
  arrives: line?.arrives_minutes === null || line === undefined ? "" : String(line.arrives_minutes),
  from: line?.agreement_from ?? "",
  until: line?.agreement_until ?? "",
  verified: false,
});

export function wrongOf(answers: LineAnswers): Record<string, string | undefined> {
  const minutes = wholeNumber(answers.arrives);
  return {
    agency: answers.agency.trim() ? undefined : forms.needed,
    number: answers.number.trim() ? undefined : forms.needed,
    area: answers.area.trim() ? undefined : forms.needed,
    country: /^[A-Za-z]{2}$/.test(answers.country.trim()) ? undefined : say.countryWrong,
    arrives_minutes: minutes === undefined || (minutes ?? 0) > 1440 ? say.arrivesWrong : undefined,
  };
}

export const bodyOf = (answers: LineAnswers): Record<string, unknown> => ({
  kind: answers.kind,
  agency: answers.agency.trim(),
  area: answers.area.trim(),
  country: answers.country.trim().toUpperCase(),
  number: answers.number.trim(),
  hours: answers.hours.trim() || say.always,
  time_zone: answers.zone.trim() || null,
  police_involved: answers.police === "unknown" ? null : answers.police === "yes",
  source: answers.source.trim(),
  states: apart(answers.states),
  counties: apart(answers.counties),
  towns: apart(answers.towns),
  zip_prefixes: apart(answers.zips),
  whole_country: answers.whole,
  cit: answers.cit,
  for_clients: answers.forClients,
  text_how: answers.text.trim(),
  address: answers.address.trim(),
  website: answers.website.trim(),
  contact: answers.contact.trim(),
  notes: answers.notes.trim(),
  arrives_minutes: wholeNumber(answers.arrives),
  agreement_from: answers.from || null,
  agreement_until: answers.until || null,
  ...(answers.verified ? { verified: true } : {}),
});
