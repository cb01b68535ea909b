/** Chance that is the same every time: the searches of phase 3 draw from it, so that the same input gives the same plan. */
export class Random {
  #state = 0x9e3779b9;

  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit);
  }

  /** From 0 up to but not including 1; xorshift, 32 bits. */
  unit(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 4_294_967_296;
  }
}
