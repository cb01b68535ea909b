/** Phase 3, batches — numbers that are taken one by one, and the next one that is free, found without looking at each between. */

export class TakenNumbers {
  /** a taken number → one that is free, or nearer to the next free one */
  readonly #next = new Map<number, number>();

  has(number: number): boolean {
    return this.#next.has(number);
  }

  take(number: number): void {
    this.#next.set(number, number + 1);
  }

  /** The lowest free number that is not below `from`; the way there is shortened for whoever asks next. */
  freeFrom(from: number): number {
    let free = from;
    for (let next = this.#next.get(free); next !== undefined; next = this.#next.get(free)) free = next;
    for (let at = from; at !== free; ) {
      const next = this.#next.get(at) ?? free;
      this.#next.set(at, free);
      at = next;
    }
    return free;
  }
}
