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

/** The smallest set found that fails together with the culprit, in the order of `green`; empty when it fails alone. */
export async function namePartners({ culprit, green, needs, test }: Clash): Promise<string[]> {
  const withNeeds = (ids: string[]): Set<string> => new Set(ids.flatMap((id) => [...(needs.get(id) ?? []), id]));
  const partners: string[] = [];
  let candidates = green;
  for (;;) {
    const fixed = withNeeds([culprit, ...partners]);
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
