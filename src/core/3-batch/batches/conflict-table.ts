/** Phase 3, batches — whether two tasks may share a batch, answered at once: a table over few tasks, made from locks and pairs. */
import type { Problem } from "../problem/problem.ts";

/** More tasks than this are planned without a table, and so without a search. */
export const MOST_TABLED = 1_500;

/** Cells of the table that are written as fast as one step of a search. */
const PER_STEP = 10;

/** Cost of the table, in steps. */
export function tableSteps({ size, rivals, holders }: Problem): number {
  const pairs =
    rivals.reduce((sum, row) => sum + row.length, 0) + holders.reduce((sum, row) => sum + row.length ** 2, 0);
  return Math.ceil((size ** 2 / PER_STEP + pairs) / PER_STEP);
}

/** `table[a × size + b]` is 1 where a and b never share a batch because of a lock or a conflict; needs are not in it. */
export function conflictTable({ size, rivals, holders }: Problem): Uint8Array {
  const table = new Uint8Array(size * size);
  for (const [task, row] of rivals.entries()) for (const rival of row) table[task * size + rival] = 1;
  for (const row of holders) {
    for (const one of row) for (const other of row) if (one !== other) table[one * size + other] = 1;
  }
  return table;
}
