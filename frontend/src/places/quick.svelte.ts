import { route } from "../routes";

/** Whether the quick reference is open: a key and a button open the same one, on the board and on an incident. */
class Quick {
  open = $state(false);
  readonly incident = $derived(/^\/incidents\/([^/]+)/.exec(route.pathname)?.[1]);
  readonly here = $derived(route.pathname === "/" || this.incident !== undefined);

  toggle(): void {
    this.open = !this.open;
  }
}
export const quickShown = new Quick();
