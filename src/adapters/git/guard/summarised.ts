/** Says in one violation what thousands would: an agent is told what it did, not every path of it. */
import type { Violation } from "../../../core/model/attempt.ts";

const MOST = 50;
const NAMED = 5;

/** `found` where it can be read by anyone, otherwise one for all. */
export function summarised(found: Violation[]): Violation[] {
  const [first] = found;
  if (first === undefined || found.length <= MOST) return found;
  const paths = found.slice(0, NAMED).map(({ path }) => path);
  const rule = `${found.length} changes in git's own directory, among them ${paths.join(", ")}; ${first.path}: ${first.rule}`;
  return [{ ...first, path: ".git", rule }];
}
