/** Phase 5.3 — the task that turns a passing train red: bisection over the train's prefixes, each claim tested twice. */

export type Verdict = "green" | "red";

/** Tasks in a row, and what is known of every beginning of the row. */
export interface Train {
  /** how many tasks there are; all of them together are red, none of them (the base) is green */
  length: number;
  /** The verdict on the first `count` tasks together where one is on record. */
  known(count: number): Verdict | undefined;
  /** Tests the first `count` tasks together, with `again` even though a verdict is on record; undefined: no run is left. */
  test(count: number, again: boolean): Promise<Verdict | undefined>;
  /** how many beginnings may be tested at the same time */
  width: number;
}

/**
 * - `culprit`: the first `at - 1` tasks are green, and red with one more
 * - `undecided`: the runs are used up; the first `green` tasks are green
 * - `inconsistent`: verdicts that cannot all be true, so nobody is to blame
 */
export type Finding =
  | { kind: "culprit"; at: number }
  | { kind: "undecided"; green: number }
  | { kind: "inconsistent"; why: string };

const MAX_FLIPS = 2;

interface Bounds {
  /** longest beginning known to be green */
  low: number;
  /** shortest beginning above `low` known to be red */
  high: number;
  /** reds seen above `high`, shortest first, for when `high` turns out to be none */
  above: number[];
  /** true while no green has been seen since `high` was red: the machine itself may have broken */
  unchecked: boolean;
  flips: number;
}

export async function findCulprit(train: Train): Promise<Finding> {
  const bounds = knownBounds(train);
  for (;;) {
    const problem = bounds.high - bounds.low > 1 ? await narrow(train, bounds) : await confirm(train, bounds);
    if (problem === "confirmed") return { kind: "culprit", at: bounds.high };
    if (problem === "no runs") return { kind: "undecided", green: bounds.low };
    if (problem !== undefined) return { kind: "inconsistent", why: problem };
  }
}

/** Verdicts of earlier searches count; a red beginning of a green one says nothing. */
function knownBounds({ length, known }: Train): Bounds {
  const counts = Array.from({ length: length - 1 }, (_, index) => index + 1);
  const low = Math.max(0, ...counts.filter((count) => known(count) === "green"));
  const reds = [...counts.filter((count) => count > low && known(count) === "red"), length];
  const [high = length, ...above] = reds;
  return { low, high, above, unchecked: high !== length, flips: 0 };
}

/**
 * One round: tests up to `width` beginnings between the bounds at once and moves the bounds. A red beginning of a green one says
 * nothing: some of its tasks need one that follows.
 */
async function narrow(train: Train, bounds: Bounds): Promise<string | undefined> {
  const counts = cutPoints(bounds, train);
  const verdicts = await Promise.all(counts.map(async (count) => ({ count, verdict: await train.test(count, false) })));
  if (verdicts.some(({ verdict }) => verdict === undefined)) return "no runs";
  const greens = verdicts.filter(({ verdict }) => verdict === "green").map(({ count }) => count);
  bounds.low = Math.max(bounds.low, ...greens);
  const reds = verdicts
    .filter(({ count, verdict }) => verdict === "red" && count > bounds.low)
    .map(({ count }) => count);
  const later = counts.length === 1 ? reds : await stillRed(train, bounds, reds);
  if (later === undefined) return "no runs";
  const [high = bounds.high, ...above] = [...later, bounds.high];
  if (later.length > 0) bounds.above = [...above, ...bounds.above];
  bounds.high = high;
  bounds.unchecked = greens.length === 0 && (later.length > 0 || bounds.unchecked);
  return undefined;
}

/** Reds that were tested beside others are tested again alone, the shortest first: two tests at once may have been in each other's way. */
async function stillRed(train: Train, bounds: Bounds, reds: number[]): Promise<number[] | undefined> {
  for (const [at, count] of reds.entries()) {
    const verdict = await train.test(count, true);
    if (verdict === undefined) return undefined;
    if (verdict === "red") return reds.slice(at);
    bounds.low = count;
  }
  return [];
}

/** The claim `low` green, `high` red is tested again before anyone is blamed. The whole train is tested again by the caller. */
async function confirm(train: Train, bounds: Bounds): Promise<string | undefined> {
  const { high, low } = bounds;
  if (high < train.length) {
    const verdict = await train.test(high, true);
    if (verdict === undefined) return "no runs";
    if (verdict === "green") return flipped(bounds);
  }
  if (!bounds.unchecked) return "confirmed";
  const control = await train.test(low, true);
  if (control === undefined) return "no runs";
  if (control === "green") return "confirmed";
  return low === 0 ? "the base passed once and failed later" : `the first ${low} tasks passed once and failed later`;
}

function flipped(bounds: Bounds): string | undefined {
  bounds.flips += 1;
  if (bounds.flips > MAX_FLIPS) return FLAKY;
  const [high = bounds.high, ...above] = bounds.above;
  Object.assign(bounds, { low: bounds.high, high, above, unchecked: false });
  return undefined;
}

const FLAKY = "the same state passed and failed in turn, more than once";

/**
 * Where to cut: a clash shows where its later partner stands, so that late places are likelier; with more clashes in the train the
 * first of them shows earlier. The cuts split the weight of the places evenly.
 */
function cutPoints({ low, high }: Bounds, { length, width }: Train): number[] {
  const places = Array.from({ length: high - low }, (_, index) => low + 1 + index);
  const weights = places.map((count) => unseen((count - 1) / length) - unseen(count / length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const cuts = Array.from({ length: Math.min(width, high - low - 1) }, (_, part) => {
    return low + closestCut(weights, (total * (part + 1)) / (Math.min(width, high - low - 1) + 1));
  });
  return [...new Set(cuts)].sort((a, b) => a - b);
}

/** The chance that no clash is complete in this share of the train, when one clash is twice as likely as two, two as three. */
function unseen(share: number): number {
  const missed = 1 - share ** 2;
  return missed / (2 - missed);
}

/** How many places to take so that their weight is as near to `goal` as it gets; never all of them. */
function closestCut(weights: number[], goal: number): number {
  let sum = 0;
  let best = { places: 1, distance: Number.POSITIVE_INFINITY };
  for (const [index, weight] of weights.slice(0, -1).entries()) {
    sum += weight;
    const distance = Math.abs(sum - goal);
    if (distance < best.distance) best = { places: index + 1, distance };
  }
  return best.places;
}
