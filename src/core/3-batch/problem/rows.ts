/** Sets of tasks, locks or pools per task as rows of numbers: the form in which phase 3's memory stays linear. */

/** `rows[task]` are the tasks, locks or pools that belong to `task`, ascending and without repeats. */
export type Rows = readonly (readonly number[])[];

/** So many rows with nothing in them. */
export function emptyRows(size: number): Rows {
  return new Array<readonly number[]>(size).fill([]);
}

/** For every item from 0 to `size` − 1 the rows it is in. Counted first, because a row that grows takes room for sixteen more. */
export function turned(rows: Rows, size: number): number[][] {
  const counts = new Int32Array(size);
  for (const items of rows) for (const item of items) counts[item] = (counts[item] ?? 0) + 1;
  const result = Array.from(counts, (count) => new Array<number>(count));
  for (let place = rows.length - 1; place >= 0; place--) {
    for (const item of rows[place] ?? []) {
      const left = (counts[item] ?? 0) - 1;
      counts[item] = left;
      const row = result[item];
      if (row !== undefined) row[left] = place;
    }
  }
  return result;
}
