/** Phase 3, batches — whether two tasks may share a batch, answered at once: a table over few tasks, made from locks and pairs. */
import type { Problem } from "../problem/problem.ts";

/** More tasks than this are planned without a table, and so without a search. */
export const MOST_TABLED = 1_500;

/** `table[a × size + b]` is 1 where a and b never share a batch because of a lock or a conflict; needs are not in it. */
export function conflictTable({ size, rivals, holders }: Problem): Uint8Array {
  const table = new Uint8Array(size * size);
  for (const [task, row] of rivals.entries()) for (const rival of row) table[task * size + rival] = 1;
  for (const row of holders) {
    for (const one of row) for (const other of row) if (one !== other) table[one * size + other] = 1;
  }
  return table;
}
