/** In which order points are tried when there is no time for all of them: by chance, repeatably, and those that tell most more often. */
import type { Point } from "./point.ts";

/** What other processes can see or rely on; the rest is mostly the making of folders that only one process knows. */
const TELLING = /^(commit|git|spawn|lock)\b/;

/** Two telling points, then one of the others, as long as there are both. */
export function inRandomOrder(points: Point[], steps: Map<string, string[]>, seed: number): Point[] {
  const random = generator(seed);
  const isTelling = ({ process, step }: Point): boolean => TELLING.test(steps.get(process)?.[step - 1] ?? "");
  const telling = shuffled(points.filter(isTelling), random);
  const others = shuffled(
    points.filter((point) => !isTelling(point)),
    random,
  );
  const order: Point[] = [];
  while (telling.length > 0 || others.length > 0) order.push(...telling.splice(0, 2), ...others.splice(0, 1));
  return order;
}

function shuffled<T>(items: T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** mulberry32: numbers from 0 to 1, the same for the same seed. */
function generator(seed: number): () => number {
  const state = { now: seed };
  return () => {
    state.now = (state.now + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state.now ^ (state.now >>> 15), 1 | state.now);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
