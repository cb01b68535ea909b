/** How much is tried: by `npm test` a part of what is slow and seldom breaks, with FORKJOIN_TESTS=all, as `.ci/run` sets it, all of it. */
import { describe, test } from "vitest";

const TRIES_ALL = process.env.FORKJOIN_TESTS === "all";

/** A test that only the whole suite runs; `npm test` has another one of its kind. */
export const seldom = test.runIf(TRIES_ALL);

/** A group of such tests. */
export const describeSeldom = describe.runIf(TRIES_ALL);

/** All cases in the whole suite, else `count` of them, spread over the table from its first on. */
export function few<T extends unknown[] | [unknown]>(count: number, cases: readonly T[]): T[];
export function few<T>(count: number, cases: readonly T[]): T[];
export function few<T>(count: number, cases: readonly T[]): T[] {
  if (TRIES_ALL || count >= cases.length) return [...cases];
  return cases.filter(
    (_, at) => Math.floor((at * count) / cases.length) !== Math.floor(((at - 1) * count) / cases.length),
  );
}

/** How often something is drawn at random: `usual` times, more in the whole suite, and as often as FORKJOIN_ROUNDS says where it is set. */
export function rounds(usual: number, all: number): number {
  return Number(process.env.FORKJOIN_ROUNDS ?? (TRIES_ALL ? all : usual));
}
