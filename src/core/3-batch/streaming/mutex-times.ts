/** Phase 3, streaming — when each lock is held in a schedule that is being built: intervals that never overlap, in order. */
import type { MutexGroups } from "../problem/mutex-groups.ts";

export class MutexTimes {
  readonly #groups: MutexGroups["groups"];
  readonly #starts: readonly number[][];
  readonly #ends: readonly number[][];

  constructor({ members, groups }: MutexGroups) {
    this.#groups = groups;
    this.#starts = members.map(() => []);
    this.#ends = members.map(() => []);
  }

  clear(): void {
    for (const starts of this.#starts) starts.length = 0;
    for (const ends of this.#ends) ends.length = 0;
  }

  /** The first time from `earliest` on at which all locks of `task` are free for `duration`. */
  fit(task: number, earliest: number, duration: number): number {
    let start = earliest;
    for (let before = -1; before < start; ) {
      before = start;
      for (const group of this.#groups[task] ?? []) start = this.#gap(group, start, duration);
    }
    return start;
  }

  #gap(group: number, earliest: number, duration: number): number {
    const [starts, ends] = [this.#starts[group] ?? [], this.#ends[group] ?? []];
    let start = earliest;
    for (let at = this.#firstAfter(ends, earliest); at < starts.length; at++) {
      if ((starts[at] ?? 0) >= start + duration) break;
      start = Math.max(start, ends[at] ?? 0);
    }
    return start;
  }

  /** The first interval that ends after `time`. */
  #firstAfter(ends: readonly number[], time: number): number {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  take(task: number, start: number, end: number): void {
    if (end <= start) return;
    for (const group of this.#groups[task] ?? []) {
      const [starts, ends] = [this.#starts[group] ?? [], this.#ends[group] ?? []];
      const at = this.#firstAfter(ends, start);
      starts.splice(at, 0, start);
      ends.splice(at, 0, end);
    }
  }
}
