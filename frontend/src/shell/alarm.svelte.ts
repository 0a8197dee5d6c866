import { board } from "../board/store.svelte";
import { clock } from "../clock.svelte";
import type { IncidentCard } from "../contract";
import { prefs } from "../prefs.svelte";

/**
 * R14: the alarm does not enter the room. Staff in a group hear nothing from a speaker: their phone vibrates, the screen
 * is loud. Everybody else may hear it, repeating until somebody owns the alert, with a mute that ends by itself. What may
 * be a danger word is never heard, by anybody: their own telephone tells those outside the room.
 */
const REPEAT_MS = 4000;
const MUTE_MS = 5 * 60_000;
const TONES: readonly [hertz: number, at: number][] = [
  [660, 0],
  [880, 0.22],
];

const mayBeHeard = ({ reason }: IncidentCard): boolean => reason !== "danger";

class Alarm {
  mutedUntil = $state(0);
  blocked = $state(false);
  #context: AudioContext | undefined;
  #played = 0;
  #known = new Set<string>();

  inGroup = $derived(
    board.groups.some(
      (group) => group.state !== "scheduled" && ["lead", "cofacilitator"].includes(group.my_role),
    ),
  );
  muted = $derived(this.mutedUntil > clock.now);
  /** Alerts and lanes that nobody has, and private rooms of which somebody outside has to hear. */
  waiting = $derived([
    ...board.unowned.filter(mayBeHeard).map((incident) => incident.id),
    ...board.laneAlarms.filter(mayBeHeard).map((incident) => `lanes of ${incident.id}`),
    ...board.signals
      .filter(({ tile }) => tile.signal?.possible === "pause")
      .map(({ tile }) => `signal ${tile.id}`),
    ...board.roomAsks.filter((one) => one.loud).map((one) => `room ${one.room.id}`),
  ]);
  audible = $derived(prefs.sound && !this.inGroup && !this.muted && this.waiting.length > 0);

  mute(): void {
    this.mutedUntil = clock.now + MUTE_MS;
  }

  unmute(): void {
    this.mutedUntil = 0;
  }

  /** Browsers allow sound only after a press in the window. */
  allow(): void {
    if (!prefs.sound) return;
    this.#context ??= new AudioContext();
    void this.#context.resume().then(() => (this.blocked = this.#context?.state !== "running"));
  }

  test(): void {
    this.allow();
    this.#sing();
  }

  /** Called with every tick. */
  tick(now: number): void {
    if (this.audible && now - this.#played >= REPEAT_MS) {
      this.#played = now;
      this.#sing();
    }
    const fresh = this.waiting.filter((id) => !this.#known.has(id));
    this.#known = new Set(this.waiting);
    // Before the first press in the window a browser refuses, and says so where tests read it.
    if (fresh.length && this.inGroup && navigator.userActivation?.hasBeenActive !== false)
      navigator.vibrate?.([200, 120, 200]);
  }

  #sing(): void {
    const context = this.#context;
    const ready = context?.state === "running";
    this.blocked = !ready;
    if (!context || !ready) return;
    for (const [hertz, at] of TONES) {
      const start = context.currentTime + at;
      const tone = context.createOscillator();
      const gain = context.createGain();
      tone.frequency.value = hertz;
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.18, start + 0.03);
      gain.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
      tone.connect(gain).connect(context.destination);
      tone.start(start);
      tone.stop(start + 0.22);
    }
  }
}

export const alarm = new Alarm();
