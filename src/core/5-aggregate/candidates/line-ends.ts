/** Phase 5.2 — line ends and byte order mark of a joined text: as most of the base has them, unless a side changed them for the whole file. */

export interface Texts {
  base: string;
  ours: string;
  theirs: string;
}

const BOM = "\uFEFF";

/** The three with plain line ends, and the way back; undefined where a side changed all line ends or the mark. */
export function withPlainEnds(sides: Texts): { plain: Texts; restored(text: string): string } | undefined {
  const all = [sides.base, sides.ours, sides.theirs];
  const known = sides.base === "" ? all.slice(1) : all;
  const [ends = "\n", ...others] = known.map(mostEnds);
  const [mark = false, ...marks] = known.map((text) => text.startsWith(BOM));
  if (others.some((end) => end !== ends) || marks.some((other) => other !== mark)) return undefined;
  const plain = (text: string): string => text.replaceAll("\r\n", "\n").replace(BOM, "");
  if (all.some((text) => /\r(?!\n)/.test(text))) return undefined;
  return {
    plain: { base: plain(sides.base), ours: plain(sides.ours), theirs: plain(sides.theirs) },
    restored: (text) => `${mark ? BOM : ""}${ends === "\n" ? text : text.replaceAll("\n", ends)}`,
  };
}

function mostEnds(text: string): "\n" | "\r\n" {
  const all = text.split("\n").length - 1;
  const windows = text.split("\r\n").length - 1;
  return windows * 2 > all ? "\r\n" : "\n";
}
