/** The page itself, kept by a worker of the browser: the shell alone, never an answer of the server. */
export async function keepShell(): Promise<void> {
  if (!("serviceWorker" in navigator) || done) return;
  done = true;
  try {
    await navigator.serviceWorker.register("/shell.js");
    const { active } = await navigator.serviceWorker.ready;
    const loaded = performance
      .getEntriesByType("resource")
      .map((one) => new URL(one.name).pathname)
      .filter((path) => path.startsWith("/assets/"));
    active?.postMessage({ keep: ["/", "/icon.svg", ...loaded] });
  } catch {
    done = false;
  }
}
let done = false;
