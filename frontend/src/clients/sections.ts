import { fields as say } from "../words/clients_fields";
import { outreachWords } from "../words/clients";
import { COUNTRIES } from "../words/countries";
import { languageName, LANGUAGES } from "../words/languages";
import type { Answer, Options } from "./answers";
import type { ClientRecordView } from "./contract";

/** A line of the directory, as far as the record chooses one. */
export interface Line {
  id: string;
  agency: string;
  area: string;
  number: string;
  retired: boolean;
}
export interface SectionOf {
  name: string;
  title: string;
  answers: readonly Answer[];
}

const languages = (...known: (string | null)[]): Options =>
  [...new Set([...LANGUAGES, ...known.filter((code): code is string => Boolean(code))])].map(
    (code) => [code, languageName(code)] as const,
  );

export const who: SectionOf = {
  name: "who",
  title: say.sections.who,
  answers: [
    { kind: "line", name: "name_used", label: say.nameUsed, hint: say.nameUsedHint, max: 120, needed: true },
    { kind: "line", name: "pronouns", label: say.pronouns, hint: say.pronounsHint, max: 40, blank: true },
    { kind: "line", name: "safe_name", label: say.safeName, max: 120, needed: true },
    { kind: "line", name: "legal_name", label: say.legalName, max: 120, needed: true },
    { kind: "date", name: "birth_date", label: say.born },
  ],
};

export const language = (record: ClientRecordView): SectionOf => ({
  name: "language",
  title: say.sections.language,
  answers: [
    { kind: "choice", name: "language", label: say.language, options: languages(record.language) },
    { kind: "tick", name: "interpreter_needed", label: say.interpreter, hint: say.interpreterHint },
    {
      kind: "choice",
      name: "interpreter_language",
      label: say.interpreterLanguage,
      options: languages(record.interpreter_language),
      none: say.sameLanguage,
    },
    { kind: "choice", name: "relay", label: say.relay, options: say.relays, none: say.relayNone },
    { kind: "words", name: "accessibility", label: say.access, hint: say.accessHint },
    { kind: "words", name: "culture", label: say.culture, hint: say.cultureHint },
  ],
});

export const reach: SectionOf = {
  name: "reach",
  title: say.sections.reach,
  answers: [
    {
      kind: "choice",
      name: "first_outreach",
      label: say.firstOutreach,
      hint: say.firstOutreachHint,
      options: Object.entries(outreachWords),
    },
    { kind: "tick", name: "unsafe_home", label: say.unsafe, hint: say.unsafeHint },
    { kind: "tick", name: "part2", label: say.part2 },
    {
      kind: "parts",
      name: "contact_times",
      label: say.times,
      hint: say.timesHint,
      answers: [
        {
          kind: "rows",
          name: "windows",
          label: "",
          add: say.addWindow,
          one: say.window,
          told: say.windowTold,
          answers: [
            { kind: "marks", name: "days", label: say.days, options: say.dayOptions, numbers: true },
            { kind: "time", name: "starts", label: say.from, needed: true },
            { kind: "time", name: "ends", label: say.until, needed: true },
          ],
        },
        { kind: "line", name: "note", label: say.timesNote },
      ],
    },
  ],
};

export const home = (record: ClientRecordView, lines: readonly Line[]): SectionOf => ({
  name: "home",
  title: say.sections.home,
  answers: [
    { kind: "line", name: "home_label", label: say.homeLabel, hint: say.homeLabelHint, max: 40 },
    {
      kind: "parts",
      name: "home_address",
      label: say.address,
      joined: true,
      answers: [
        { kind: "line", name: "street", label: say.street, needed: true },
        { kind: "line", name: "unit", label: say.unit },
        { kind: "line", name: "town", label: say.town },
        { kind: "line", name: "state", label: say.state },
        { kind: "line", name: "code", label: say.code, max: 20 },
        { kind: "choice", name: "country", label: say.country, options: COUNTRIES, none: say.countryNone },
      ],
    },
    { kind: "words", name: "entry_notes", label: say.entry, hint: say.entryHint },
    {
      kind: "choice",
      name: "home_dispatch_line_id",
      label: say.line,
      none: say.noLine,
      options: lines
        .filter((line) => !line.retired || line.id === record.home_dispatch_line_id)
        .map((line) => [line.id, `${line.agency}, ${line.area}`] as const),
    },
    {
      kind: "number",
      name: "travel_minutes",
      label: say.travel,
      hint: say.travelHint,
      most: 1440,
      wrong: say.travelWrong,
    },
    { kind: "words", name: "help_first", label: say.helpFirst, hint: say.helpFirstHint },
  ],
});

export const house: SectionOf = {
  name: "house",
  title: say.sections.house,
  answers: [
    {
      kind: "rows",
      name: "household_people",
      label: say.people,
      add: say.addPerson,
      one: say.person,
      told: say.personTold,
      answers: [
        { kind: "line", name: "name", label: say.name, max: 120, needed: true },
        { kind: "line", name: "relation", label: say.relation },
        {
          kind: "choice",
          name: "may_overhear",
          label: say.overhear,
          options: say.overhearOptions,
          otherwise: "unknown",
        },
      ],
    },
    { kind: "words", name: "household", label: say.household, hint: say.householdHint },
    {
      kind: "parts",
      name: "living_together",
      label: say.together,
      answers: [
        { kind: "line", name: "with_whom", label: say.withWhom },
        { kind: "line", name: "speaks_to_responders", label: say.speaks },
        { kind: "words", name: "coming_and_going", label: say.comingAndGoing, hint: say.comingHint },
        { kind: "words", name: "calm_place", label: say.calmPlace },
      ],
    },
  ],
};

export const pets: SectionOf = {
  name: "pets",
  title: say.sections.pets,
  answers: [
    {
      kind: "rows",
      name: "pet_cards",
      label: say.pets,
      add: say.addPet,
      one: say.pet,
      told: say.petTold,
      answers: [
        { kind: "line", name: "name", label: say.petName, max: 120, needed: true },
        { kind: "line", name: "kind", label: say.petKind },
        { kind: "line", name: "before_responders", label: say.before, hint: say.beforeHint },
        { kind: "line", name: "caretaker", label: say.caretaker },
        { kind: "line", name: "soothes", label: say.soothes, hint: say.soothesHint },
      ],
    },
    { kind: "words", name: "pets", label: say.petNotes },
    { kind: "line", name: "pet_mark", label: say.petMark, hint: say.petMarkHint, max: 40 },
  ],
};

export const helps: SectionOf = {
  name: "helps",
  title: say.sections.helps,
  answers: [
    { kind: "words", name: "danger_wish", label: say.wish },
    { kind: "words", name: "what_helps", label: say.helps },
    { kind: "words", name: "responder_notes", label: say.responders, hint: say.respondersHint },
    { kind: "words", name: "ordinary_question", label: say.question, hint: say.questionHint },
  ],
};

export const hidden: SectionOf = {
  name: "hidden",
  title: say.sections.hidden,
  answers: [
    {
      kind: "marks",
      name: "hidden_from_guardian",
      label: say.hidden,
      hint: say.hiddenHint,
      options: say.hiddenOptions,
    },
  ],
};
