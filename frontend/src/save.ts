/** Some browsers begin to read a saved file only after the press is over. */
const KEEP_MS = 60_000;

/** Gives the person a file, made of what we already hold. */
export function saveFile(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_MS);
}
