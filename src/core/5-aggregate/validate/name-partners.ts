/** Phase 5.3 — whom a culprit clashes with: bisection again, over what is green without it. */
import { findCulprit, type Verdict } from "./find-culprit.ts";

export interface Clash {
  culprit: string;
  /** green without the culprit, red with it; a task after those it builds on */
  green: string[];
  /** task id → all it builds on */
  needs: Map<string, Set<string>>;
  /** undefined: no run is left */
  test(ids: string[]): Promise<Verdict | undefined>;
}

/**
 * A smallest set that passes and fails together with the culprit, in the order of `green`; empty when it fails alone. Tasks that pass
 * only together can make other sets fail, which says nothing of the culprit.
 */
export async function namePartners(clash: Clash): Promise<string[]> {
  const { culprit, green, needs, test } = clash;
  const partners = await bisected(clash);
  const own = withNeeds(needs, [culprit]);
  own.delete(culprit);
  const company = [...new Set([...own, ...withNeeds(needs, partners)])];
  if (partners.length === 0 || company.length === green.length) return partners;
  return (await test(company)) === "red" ? reduced(clash) : partners;
}

async function bisected({ culprit, green, needs, test }: Clash): Promise<string[]> {
  const partners: string[] = [];
  let candidates = green;
  for (;;) {
    const fixed = withNeeds(needs, [culprit, ...partners]);
    const row = candidates.filter((id) => !fixed.has(id));
    const together = (count: number): string[] => [...fixed, ...row.slice(0, count)];
    const alone = await test(together(0));
    if (alone !== "green" || row.length === 0) return green.filter((id) => partners.includes(id));
    const found = await findCulprit({
      length: row.length,
      known: () => undefined,
      test: (count) => test(together(count)),
      width: 1,
    });
    if (found.kind !== "culprit") return green.filter((id) => partners.includes(id));
    partners.push(row[found.at - 1] ?? culprit);
    candidates = row.slice(0, found.at - 1);
  }
}

/** All of `green`, and one after the other out of it, with what builds on it, as long as the rest passes and fails with the culprit. */
async function reduced({ culprit, green, needs, test }: Clash): Promise<string[]> {
  const own = withNeeds(needs, [culprit]);
  let kept = green;
  for (const id of green.toReversed()) {
    const fewer = kept.filter((other) => other !== id && needs.get(other)?.has(id) !== true);
    if (own.has(id) || !kept.includes(id) || (await test(fewer)) !== "green") continue;
    if ((await test([...fewer, culprit])) === "red") kept = fewer;
  }
  return kept.filter((id) => !own.has(id));
}

function withNeeds(needs: Map<string, Set<string>>, ids: string[]): Set<string> {
  return new Set(ids.flatMap((id) => [...(needs.get(id) ?? []), id]));
}
