// Emergency, pressed: the choice of whom, and what stands on the screen until the server has answered.
export const pressed = {
  button: "Emergency",
  hold: "hold 1 s",
  holding: "Keep holding",
  how: "Press and hold one second, or press E twice. By screen reader: press it, then choose who it is about.",
  key: "E E",

  title: "Emergency: about whom?",
  why: "Your choice declares it: imminent, and Handrail rings the supervisor and the backup. It calls nobody outside.",
  kind: "What is it?",
  kinds: { harm: "Danger to a life", medical: "Medical emergency" } as const,
  kindHint: "If you cannot say yet, leave it: both can be added after.",
  alike: "similar name",
  nobody: "No group of yours is open. Open the group first, or dial by hand from the group sheet.",
  declareFor: "Declare for",

  rightTitle: "The right client",
  rightWhy: (name: string) =>
    `The emergency about ${name} is taken back, and declared for whom you choose, with the same clock. Where responders were told already, it stands until two of you stand it down.`,
  byMistake: "It was a mistake, there is no emergency",
  movedTo: (name: string) => `It is about ${name} now.`,

  name: (name: string, medical: boolean) => `${name}: ${medical ? "medical emergency" : "emergency"}`,
  sending: (at: string) =>
    `You pressed at ${at}. Handrail has not confirmed it yet, and nobody is rung until it does.`,
  card: "Open the card to read aloud",
  done: "Confirmed. The card is on its way.",
  failed: "Not declared. Nobody was rung.",
  unsure: "Nobody can say whether it was declared. Act as if nobody was rung.",
  again: "Send it again",
  doTitle: "Meanwhile",
  stay: (name: string) => `Stay with ${name}, on video or on the phone.`,
  second: (names: string) => `A second person calls: ${names}.`,
  secondAlone: "A second person calls. If you are alone, stay on speaker and dial from a second phone.",
  placeTitle: "Where they are",
  placeAsk: "Ask for the exact place, and read it back.",
  dialTitle: "To dial by hand",
  noLines: "No line for this place is known on this screen. The printed group sheet has it.",
  notYours: (number: string) => `Not ${number} from here: it reaches your own place’s dispatch centre.`,
  police: { yes: "with police", no: "without police", unknown: "police unknown" } as const,

  declared: (name: string) => `Emergency declared for ${name}.`,
  takenBack: "Taken back. Nothing is declared.",
  alsoMedical: "It is a medical emergency too",
  added: "Added: its protocol runs beside.",
  staffTitle: "Our own phones",
};
