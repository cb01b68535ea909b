/** Phase 1 validation — no task over 30 minutes, or what the pattern allows: a group of files that is too much is cut into parts that are not. */
export interface SizeLimit {
  ms(path: string): number;
  most_files: number;
  /** a single file may be more */
  most_ms: number;
}

/** Parts of `files` in their order, each within the limit, as few as that order allows, and about equally large. */
export function cutToSize(files: string[], limit: SizeLimit): string[][] {
  const total = files.reduce((sum, path) => sum + limit.ms(path), 0);
  const fewest = Math.max(1, Math.ceil(total / limit.most_ms), Math.ceil(files.length / limit.most_files));
  for (let count = fewest; count < files.length; count += 1) {
    const parts = filled(files, { ...limit, target: total / count });
    if (parts.length <= count) return parts;
  }
  return files.map((path) => [path]);
}

/** A part is closed when it has its share, or when the next file would not fit. */
function filled(files: string[], { ms, most_files, most_ms, target }: SizeLimit & { target: number }): string[][] {
  const parts: string[][] = [];
  let [part, time]: [string[], number] = [[], 0];
  for (const path of files) {
    const more = ms(path);
    const full = time + more / 2 > target || time + more > most_ms || part.length >= most_files;
    if (part.length > 0 && full) {
      parts.push(part);
      [part, time] = [[], 0];
    }
    part.push(path);
    time += more;
  }
  return part.length === 0 ? parts : [...parts, part];
}
