/** Phase 5.3 — tasks that fail one by one and pass together: what was set aside as a culprit alone is tried again in company. */
import type { Verdict } from "./find-culprit.ts";

/** States tested at most: pairs grow with the square of the tasks. */
const MOST_TESTS = 24;

export interface LeftOutAlone {
  /** culprits that failed with nobody, in the order they were found */
  ids: string[];
  /** Tests what passes and these on top; undefined when it cannot be done. */
  test(ids: string[]): Promise<Verdict | undefined>;
}

/** A largest group found that passes on top of what passes: all but one, else one or two at a time. */
export async function findCompany({ ids, test }: LeftOutAlone): Promise<string[]> {
  if (ids.length < 2) return [];
  let left = MOST_TESTS;
  const found: string[] = [];
  const passes = async (group: string[]): Promise<boolean> => {
    if (left === 0) return false;
    left -= 1;
    return (await test([...found, ...group])) === "green";
  };
  for (const id of ids.length > 2 ? ids : []) {
    const others = ids.filter((other) => other !== id);
    if (await passes(others)) return others;
  }
  for (const group of [...ids.map((id) => [id]), ...pairsOf(ids)]) {
    if (group.every((id) => !found.includes(id)) && (await passes(group))) found.push(...group);
  }
  return ids.filter((id) => found.includes(id));
}

function pairsOf(ids: string[]): string[][] {
  return ids.flatMap((one, at) => ids.slice(at + 1).map((other) => [one, other]));
}
