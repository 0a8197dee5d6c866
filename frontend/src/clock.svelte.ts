/**
 * The one tick of the app. `now` is the server's time as well as we know it, in ms: every beat says what time the
 * server has, so that a laptop whose clock is a minute wrong still counts down to the right second.
 */
const TICK_MS = 250;
/** Below this the difference is network delay, not a wrong clock. */
const NOISE_MS = 750;

class Clock {
  now = $state(Date.now());
  #ahead = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** How far the server's clock is ahead of this machine's, in ms. */
  get ahead(): number {
    return this.#ahead;
  }

  start(): void {
    this.#timer ??= setInterval(() => this.tick(), TICK_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  tick(): void {
    this.now = Date.now() + this.#ahead;
  }

  serverSaid(at: string): void {
    const ahead = Date.parse(at) - Date.now();
    if (Math.abs(ahead - this.#ahead) > NOISE_MS) this.#ahead = ahead;
    this.tick();
  }
}

export const clock = new Clock();
