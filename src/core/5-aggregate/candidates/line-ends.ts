/** Phase 5.2 — line ends and byte order mark of a joined text: as all three versions have them; where they differ, nothing is joined. */

export interface Texts {
  base: string;
  ours: string;
  theirs: string;
}

const BOM = "\uFEFF";

/** The three with plain line ends, and the way back; undefined where line ends are mixed, or a side changed them or the mark. */
export function withPlainEnds(sides: Texts): { plain: Texts; restored(text: string): string } | undefined {
  const all = [sides.base, sides.ours, sides.theirs];
  const known = sides.base === "" ? all.slice(1) : all;
  const [ends, ...others] = known.map(endsOf);
  const [mark = false, ...marks] = known.map((text) => text.startsWith(BOM));
  if (ends === undefined || others.some((end) => end !== ends) || marks.some((other) => other !== mark))
    return undefined;
  const plain = (text: string): string => text.replaceAll("\r\n", "\n").replace(BOM, "");
  return {
    plain: { base: plain(sides.base), ours: plain(sides.ours), theirs: plain(sides.theirs) },
    restored: (text) => `${mark ? BOM : ""}${ends === "\n" ? text : text.replaceAll("\n", ends)}`,
  };
}

/** Undefined where they are mixed, or of a kind that is no line end to git. */
function endsOf(text: string): "\n" | "\r\n" | undefined {
  const windows = text.split("\r\n").length - 1;
  if (windows === 0) return text.includes("\r") ? undefined : "\n";
  return windows === text.split("\n").length - 1 && windows === text.split("\r").length - 1 ? "\r\n" : undefined;
}
