/** Bounds every search of phase 3: by work counted in steps, so that the same input gives the same plan, and by the clock as a cut-off only. */

export interface Limits {
  /** milliseconds the search may take */
  ms: number;
  /** milliseconds that only rise; the clock cuts nothing off without them */
  now?: (() => number) | undefined;
  /** steps of work; by default those that take about half of `ms` on an ordinary machine */
  steps?: number | undefined;
}

/** A step is about one task looked at. */
const STEPS_PER_MS = 5_000;
const STEPS_PER_LOOK = 4_000;

export class SearchBudget {
  #steps: number;
  #untilLook = 0;
  #truncated = false;
  readonly #now: () => number;
  readonly #end: number;

  constructor({ ms, now = () => 0, steps = ms * STEPS_PER_MS }: Limits) {
    this.#steps = steps;
    this.#now = now;
    this.#end = now() + ms;
  }

  /** whether the clock ended a search before its steps were used up */
  get truncated(): boolean {
    return this.#truncated;
  }

  /** Takes `steps`; false when the search has to end. */
  spend(steps: number): boolean {
    if (this.#truncated || this.#steps < steps) return false;
    this.#steps -= steps;
    this.#untilLook -= steps;
    if (this.#untilLook > 0) return true;
    this.#untilLook = STEPS_PER_LOOK;
    this.#truncated = this.#now() >= this.#end;
    return !this.#truncated;
  }

  /** A part of what is left, as a budget of its own. */
  share(part: number): SearchBudget {
    const left = this.#end - this.#now();
    const steps = Math.floor(this.#steps * part);
    this.#steps -= steps;
    return new SearchBudget({ ms: Math.max(0, left * part), now: this.#now, steps });
  }
}
