/** Git's merge of single files, for what has to be looked at place by place. */
import { randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MergeRegion } from "../../../core/ports/repository.ts";
import { type GitPlace, runGit } from "../git.ts";

/** `contents` of ours, base and theirs. */
export async function mergeFile(
  place: GitPlace,
  { contents, options }: { contents: (string | Buffer)[]; options: string[] },
): Promise<Buffer> {
  const folder = join(place.cwd, `merge-${randomUUID()}`);
  await mkdir(folder);
  try {
    const files = ["ours", "base", "theirs"].map((name) => join(folder, name));
    for (const [at, file] of files.entries()) await writeFile(file, contents[at] ?? "");
    const conflicts = Array.from({ length: 127 }, (_, count) => count + 1);
    return (await runGit(place, ["merge-file", "-p", ...options, ...files], { accept: conflicts })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function mergeRegions(
  place: GitPlace,
  { base, ours, theirs }: { base: string; ours: string; theirs: string },
): Promise<MergeRegion[]> {
  const size = markerSize([base, ours, theirs]);
  const labels = ["-L", "ours", "-L", "base", "-L", "theirs"];
  const options = ["--diff3", `--marker-size=${size}`, ...labels];
  const merged = await mergeFile(place, { contents: [ours, base, theirs], options });
  return parseRegions(merged.toString("utf8"), size);
}

/** Longer than any row of marker characters in the texts. */
function markerSize(texts: string[]): number {
  const rows = texts.flatMap((text) => text.match(/^([<>|=])\1*/gm) ?? []);
  return Math.max(7, ...rows.map((row) => row.length + 1));
}

function parseRegions(text: string, size: number): MergeRegion[] {
  const [opens, middle, parts, closes] = ["<", "|", "=", ">"].map((mark) => mark.repeat(size));
  const regions: MergeRegion[] = [];
  let into: "text" | "ours" | "base" | "theirs" = "text";
  let found = { text: "", ours: "", base: "", theirs: "" };
  for (const line of text.split(/(?<=\n)/)) {
    const said = line.replace(/\r?\n$/, "");
    if (said === `${opens} ours`) {
      if (found.text !== "") regions.push({ text: found.text });
      found = { text: "", ours: "", base: "", theirs: "" };
      into = "ours";
    } else if (said === `${middle} base`) into = "base";
    else if (said === parts) into = "theirs";
    else if (said === `${closes} theirs`) {
      regions.push({ base: found.base, ours: found.ours, theirs: found.theirs });
      found = { text: "", ours: "", base: "", theirs: "" };
      into = "text";
    } else found[into] += line;
  }
  if (found.text !== "") regions.push({ text: found.text });
  return regions;
}
