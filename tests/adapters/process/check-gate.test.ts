/** Checks that run at once: a lock has one holder, and one that must be alone is. */
import { expect, test } from "vitest";
import { CheckGate } from "../../../src/adapters/process/check-gate.ts";

const CHECK = { command: ["true"], env: [], timeout: "1min" };

class Scene {
  readonly gate = new CheckGate();
  readonly running = new Set<string>();
  readonly #ends = new Map<string, () => void>();

  begin(name: string, { locks = [], alone = false }: { locks?: string[]; alone?: boolean } = {}): Promise<void> {
    return this.gate.pass({ check: { ...CHECK, locks }, alone }, async () => {
      this.running.add(name);
      await new Promise<void>((end) => this.#ends.set(name, end));
      this.running.delete(name);
    });
  }

  async end(name: string): Promise<void> {
    this.#ends.get(name)?.();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  }

  get names(): string {
    return [...this.running].sort().join(" ");
  }
}

test("a lock has one holder; others pass whoever waits for it", async () => {
  const scene = new Scene();
  const all = [scene.begin("a", { locks: ["port"] }), scene.begin("b", { locks: ["port", "x"] }), scene.begin("c")];
  await scene.end("");
  expect(scene.names).toBe("a c");
  await scene.end("a");
  expect(scene.names).toBe("b c");
  for (const name of ["b", "c"]) await scene.end(name);
  await Promise.all(all);
});

test("one that must be alone waits for those that run, and is not overtaken", async () => {
  const scene = new Scene();
  const all = [scene.begin("a"), scene.begin("b", { alone: true }), scene.begin("c")];
  await scene.end("");
  expect(scene.names).toBe("a");
  await scene.end("a");
  expect(scene.names).toBe("b");
  await scene.end("b");
  expect(scene.names).toBe("c");
  await scene.end("c");
  await Promise.all(all);
});

test("work that fails gives back what it held", async () => {
  const { gate } = new Scene();
  const held = { check: { ...CHECK, locks: ["port"] }, alone: true };
  await expect(gate.pass(held, async () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await gate.pass(held, async () => 1)).toBe(1);
});
