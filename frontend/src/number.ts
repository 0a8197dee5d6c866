/** +15035550120 as 503-555-0120; other countries as they are stored. */
export const readable = (e164: string): string => e164.replace(/^\+1(\d{3})(\d{3})(\d{4})$/, "$1-$2-$3");
