/** The gate of all checks of this process: locks that checks name have one holder, and one that runs alone waits for the others. */
import type { ValidationRequest } from "../../core/ports/validator.ts";

interface Waiting {
  alone: boolean;
  locks: string[];
  go: () => void;
}

export class CheckGate {
  readonly #held = new Set<string>();
  readonly #waiting: Waiting[] = [];
  #running = 0;
  #isAlone = false;

  /** `work` once nobody holds what it needs; who came first goes first. */
  async pass<T>({ check, alone }: Pick<ValidationRequest, "check" | "alone">, work: () => Promise<T>): Promise<T> {
    const wanted = { alone: alone === true, locks: [...new Set(check.locks ?? [])] };
    await new Promise<void>((go) => {
      this.#waiting.push({ ...wanted, go });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#running -= 1;
      if (wanted.alone) this.#isAlone = false;
      for (const lock of wanted.locks) this.#held.delete(lock);
      this.#next();
    }
  }

  /** Whoever waits for a lock lets others by; whoever wants to be alone does not, else its turn might never come. */
  #next(): void {
    for (const one of [...this.#waiting]) {
      if (this.#isAlone) return;
      if (one.alone && this.#running > 0) return;
      if (one.locks.some((lock) => this.#held.has(lock))) continue;
      this.#waiting.splice(this.#waiting.indexOf(one), 1);
      this.#running += 1;
      this.#isAlone = one.alone;
      for (const lock of one.locks) this.#held.add(lock);
      one.go();
    }
  }
}
