/** The card about a client's own page, in the client's record. */
export const ownPage = {
  title: "Their own page",
  equipment: "Equipment",
  never: "Not asked yet. Their page asks once a week, before the group begins.",
  told: (day: string) => `told ${day}`,
  due: "due again",
  battery: (percent: number) => `Battery ${percent} %`,
  asked: {
    charged: ["Charged or plugged in", "Not charged"],
    backup_device: ["Another device or a charger", "No other device, no charger"],
    headphones: ["Headphones", "No headphones"],
    background: ["Background is fine", "Background not fine yet"],
    private_spot: ["Can talk without others hearing", "Others can hear"],
    no_recording: ["Nobody records: agreed", "Nobody records: wants to talk about it"],
  },
  skipped: (n: number) => (n === 1 ? "1 question skipped" : `${n} questions skipped`),
} as const;
