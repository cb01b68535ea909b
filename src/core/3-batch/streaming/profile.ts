/** Phase 3, streaming — how much of the slots and pools is taken at every moment of a schedule that is being built. */

export interface Capacity {
  capacity: number;
  /** task → units it takes */
  demand: Float64Array;
}

/** Moments in order, and what is taken from each on until the next; the last reaches to the end of time. */
export class Profile {
  readonly #capacities: readonly Capacity[];
  readonly #times: Float64Array;
  readonly #used: readonly Float64Array[];
  #count = 1;

  constructor(capacities: readonly Capacity[], tasks: number) {
    this.#capacities = capacities;
    this.#times = new Float64Array(2 * tasks + 2);
    this.#used = capacities.map(() => new Float64Array(2 * tasks + 2));
  }

  clear(): void {
    this.#count = 1;
    for (const used of this.#used) used[0] = 0;
  }

  /** The first time from `earliest` on at which `task` fits for `duration`. */
  fit(task: number, earliest: number, duration: number): number {
    const times = this.#times;
    let start = earliest;
    let place = this.#placeOf(earliest);
    for (let at = place; at < this.#count && (at === place || (times[at] ?? 0) < start + duration); at++) {
      if (this.#fits(task, at)) continue;
      place = at + 1;
      start = times[place] ?? 0;
    }
    return start;
  }

  #fits(task: number, at: number): boolean {
    for (let pool = 0; pool < this.#used.length; pool++) {
      const { capacity, demand } = this.#capacities[pool] as Capacity;
      const wanted = demand[task] ?? 0;
      if (wanted > 0 && wanted + (this.#used[pool]?.[at] ?? 0) > capacity) return false;
    }
    return true;
  }

  /** Takes what `task` needs from `start` to `end`. */
  take(task: number, start: number, end: number): void {
    if (end <= start) return;
    const from = this.#cut(start);
    const to = this.#cut(end);
    for (let pool = 0; pool < this.#used.length; pool++) {
      const wanted = this.#capacities[pool]?.demand[task] ?? 0;
      const used = this.#used[pool] as Float64Array;
      if (wanted > 0) for (let at = from; at < to; at++) used[at] = (used[at] ?? 0) + wanted;
    }
  }

  /** The place that begins at `time`, made where there is none. */
  #cut(time: number): number {
    const place = this.#placeOf(time);
    if (this.#times[place] === time) return place;
    const at = place + 1;
    this.#times.copyWithin(at + 1, at, this.#count);
    this.#times[at] = time;
    for (const used of this.#used) {
      used.copyWithin(at + 1, at, this.#count);
      used[at] = used[place] ?? 0;
    }
    this.#count++;
    return at;
  }

  /** The last place that begins at `time` or before. */
  #placeOf(time: number): number {
    let [low, high] = [0, this.#count - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#times[middle] ?? 0) <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
