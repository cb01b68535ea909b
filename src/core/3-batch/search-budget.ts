/** Bounds every search of phase 3: by work counted in steps, so that the same input gives the same plan, and by the clock as a cut-off only. */

export interface Limits {
  /** milliseconds the search may take */
  ms: number;
  /** milliseconds that only rise; without them the clock cuts nothing off */
  now?: (() => number) | undefined;
  /** steps of work; by default those that take about half of `ms` on an ordinary machine */
  steps?: number | undefined;
}

/** A step is about one task looked at. */
const STEPS_PER_MS = 5_000;
const STEPS_PER_LOOK = 10_000;

/** When time is up. */
interface CutOff {
  now: () => number;
  end: number;
  isReached: boolean;
}

export class SearchBudget {
  #steps: number;
  #untilLook = 0;
  #isSpent = false;
  readonly #cutOff: CutOff;
  readonly #parts: SearchBudget[] = [];

  constructor({ ms, now, steps = ms * STEPS_PER_MS }: Limits, cutOff?: CutOff) {
    this.#steps = steps;
    this.#cutOff = cutOff ?? {
      now: now ?? (() => 0),
      end: now === undefined ? Infinity : now() + ms,
      isReached: false,
    };
  }

  /** whether the clock ended a search before its steps were used up */
  get truncated(): boolean {
    return this.#cutOff.isReached || this.#parts.some((part) => part.truncated);
  }

  /** whether it has refused steps: fewer might still be left */
  get isSpent(): boolean {
    return this.#isSpent;
  }

  /** Takes `steps`; false when the search has to end. */
  spend(steps: number): boolean {
    this.#isSpent ||= this.#cutOff.isReached || this.#steps < steps;
    if (this.#cutOff.isReached || this.#steps < steps) return false;
    this.#steps -= steps;
    this.#untilLook -= steps;
    if (this.#untilLook > 0) return true;
    this.#untilLook = STEPS_PER_LOOK;
    this.#cutOff.isReached = this.#cutOff.now() >= this.#cutOff.end;
    return !this.#cutOff.isReached;
  }

  /** A part of the steps that are left, taken out of this budget, and no more than that part of the time. */
  share(part: number): SearchBudget {
    const steps = Math.floor(this.#steps * part);
    this.#steps -= steps;
    const { now, end } = this.#cutOff;
    const ms = part === 0 ? 0 : Math.max(0, end - now()) * part;
    const share = new SearchBudget({ ms, now, steps });
    this.#parts.push(share);
    return share;
  }

  /** So many steps beside this budget: what they are spent on never leaves less for the search. */
  beside(steps: number): SearchBudget {
    return new SearchBudget({ ms: 0, steps }, this.#cutOff);
  }
}
