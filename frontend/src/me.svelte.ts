import type { Me, Role } from "./contract";
import { vault } from "./offline/vault.svelte";

/** Who is signed in at this screen. `cover` hides everything when the sign-in is locked. */
class SignedIn {
  person = $state.raw<Me | null>(null);
  known = $state(false);
  covered = $state(false);
  /** The demo desk's: nobody has to sign in there. */
  deskZone = $state<string>();

  arrived(person: Me): void {
    this.person = person;
    this.known = true;
    this.covered = person.locked;
  }

  signedOut(): void {
    this.person = null;
    void vault.wipe();
    this.known = true;
    this.covered = false;
  }

  coverNow(): void {
    if (this.person) this.covered = true;
  }

  has(...roles: Role[]): boolean {
    return this.person !== null && roles.some((role) => this.person?.roles.includes(role));
  }

  get timeZone(): string {
    return (
      this.person?.program.time_zone ?? this.deskZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone
    );
  }

  get simulated(): boolean {
    return this.person !== null && this.person.program.kind !== "live";
  }
}

export const me = new SignedIn();
