/** "#local-line" for the gap "local line": the address of the section that mends it. */
export const hashOf = (gap: string): string => `#${gap.replaceAll(" ", "-")}`;

export const arrived = (hash: string, gaps: readonly string[]): boolean =>
  hash !== "" && gaps.some((gap) => hashOf(gap) === hash);
