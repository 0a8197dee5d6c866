/** What forms and pages that read from the server say. */
export const forms = {
  tryAgain: "Try again",
  reading: "Reading.",
  save: "Save",
  cancel: "Cancel",
  add: "Add",
  change: "Change",
  remove: "Remove",
  saved: "Saved.",
  needed: "This is needed.",
  yes: "Yes",
  no: "No",
  unknown: "Unknown",
};
