import type { CopyView } from "../caregivers/contract";
import { day, dayTime } from "../times";

export const copies = {
  title: "Shared with family and supporters",
  why: "A page of their own: what the client chose from the plan, when we may contact them, and how to help. It opens with a code that we text to their number. Nothing from the sessions is on it.",
  none: "Nothing is shared yet.",
  nobody: "Nobody is named on this record yet. Add a contact first.",
  prepare: "Prepare a copy with the client",
  state: {
    open: "open",
    ended: "ended",
    expired: "expired",
    not_allowed: "shut: their release does not cover it now",
  } satisfies Record<CopyView["state"], string>,
  holds: (copy: CopyView): string =>
    [
      copy.with_plan
        ? `${copy.lines === 1 ? "1 line" : `${copy.lines} lines`} of plan version ${copy.plan_number ?? ""}`
        : "",
      copy.with_coaching ? "how to help" : "",
    ]
      .filter(Boolean)
      .join(" and "),
  newer: "A newer plan is agreed since.",
  made: (copy: CopyView): string => `${copy.made_by}, ${day(copy.made_at)}, until ${day(copy.expires_at)}`,
  looked: (copy: CopyView): string =>
    copy.opened_at
      ? `opened ${copy.opened_times === 1 ? "once" : `${copy.opened_times} times`}, last ${dayTime(copy.opened_at)}`
      : "not opened yet",
  confirmed: (at: string): string => `said on ${day(at)} that their details are right or what should change`,
  textLost: "The last text to them did not leave. Give them the link or a ring another way.",
  see: "See what is in it, logged",
  hide: "Hide again",
  end: "End it",
  endSure: "Press again: it shuts at once",
  ended: "Ended. It is shut on every device.",
  seeOf: (name: string): string => `See what ${name} can read, logged`,
  endOf: (name: string): string => `End it: the page of ${name}`,

  who: "Who",
  blocked: (name: string): string => `${name} cannot be given a page now.`,
  instead: "Instead:",
  what: "What they get",
  plan: "Lines of the plan",
  coaching: "How to help: words, calming down, making home safer",
  needsPlan: "No plan is agreed yet, so only the coaching can be shared.",
  openPlan: "Open the plan to choose from, logged",
  choose: "Which lines? Nothing is chosen until the client says so.",
  all: "Choose all",
  noneOf: "Choose none",
  means: "Also what was done about things that could hurt",
  when: "When may they be contacted? In the client’s words",
  whenHint: "Such as: when I do not answer twice, or when I say so.",
  language: "Language of the page",
  languages: { en: "English", es: "Español" },
  days: "It ends after so many days",
  daysWrong: "A whole number from 1 to 180.",
  preview: "What they will read",
  previewNone: "No line chosen yet.",
  previewed: "The client saw this and chose it.",
  previewedNeeded: "The client looks at it first. Show it, then tick.",
  send: (last2: string): string => `Text them the link, to the number that ends ${last2}`,
  sendHint: "The text names nobody and no reason.",
  make: "Make the page",
  chooseSomething: "Choose lines with the client, or share how to help alone.",
  tickNeeded: "This has to be confirmed first.",
  done: (name: string): string => `${name}’s page is ready.`,
  link: "Their link. It is shown only now; it opens with a code to their own number.",
  copyLink: "Copy the link",
  copied: "Link copied.",
  texted: "The link was texted to them, too.",

  proposals: "They told us something is different",
  proposal: (name: string, when: string): string => `${name}, ${when}`,
  number: "New number",
  speaks: "Speaks",
  times: "Good and bad times",
  accept: "Take over",
  decline: "Leave as it is",
  accepted: "Taken over.",
  declined: "Left as it is.",
  timesStay: "Times are not on the record: keep them in mind, or write them into the contact’s line.",
};
