/** Phase 5.2 — a file as text both sides agree on and places where they do not, and what people see of those. */
import type { MergeRegion } from "../../ports/repository.ts";

export type Contested = Extract<MergeRegion, { ours: string }>;

export function isContested(region: MergeRegion): region is Contested {
  return "ours" in region;
}

/** Undefined while something is contested. */
export function settledText(regions: MergeRegion[]): string | undefined {
  const texts = regions.map((region) => (isContested(region) ? undefined : region.text));
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** With conflict markers, as git writes them with the base between. */
export function withMarkers(regions: MergeRegion[], names: { ours: string; theirs: string }): string {
  return regions
    .map((region) => {
      if (!isContested(region)) return region.text;
      const parts = [
        `<<<<<<< ours: ${names.ours}\n`,
        closed(region.ours),
        "||||||| base\n",
        closed(region.base),
        "=======\n",
        closed(region.theirs),
        `>>>>>>> theirs: ${names.theirs}\n`,
      ];
      return parts.join("");
    })
    .join("");
}

function closed(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

export function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}
