/** Attributes that say how a file merges: merging in memory reads none from the tree, so those of the contested files are handed to it. */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gitList, type OwnGitPlace, runGit } from "../git.ts";

export interface MergeAttributes {
  /** `-c` settings of the merge */
  config: string[];
  /** paths that are not to be merged: one version or the other */
  whole: Set<string>;
}

const NONE: MergeAttributes = { config: [], whole: new Set() };

/** `use` with what the `.gitattributes` of `tree` say of `paths`. */
export async function withMergeAttributes<T>(
  place: OwnGitPlace,
  { tree, paths }: { tree: string; paths: string[] },
  use: (attributes: MergeAttributes) => Promise<T>,
): Promise<T> {
  const found = paths.length === 0 ? new Map<string, string>() : await attributesOf(place, tree, paths);
  if (found.size === 0) return use(NONE);
  const file = join(place.gitDir, `merge-${randomUUID()}.attributes`);
  const whole = new Set([...found].filter(([, how]) => how !== "union").map(([path]) => path));
  const lines = [...found].map(([path, how]) => `${patternOf(path)} ${how === "union" ? "merge=union" : "-merge"}\n`);
  try {
    await writeFile(file, lines.join(""));
    return await use({ config: ["-c", `core.attributesFile=${file}`], whole });
  } finally {
    await rm(file, { force: true });
  }
}

/** path → `unset`, `binary` or `union`; drivers of the user's are not run, and other values are what git does anyway. */
async function attributesOf(place: OwnGitPlace, tree: string, paths: string[]): Promise<Map<string, string>> {
  const listed = await gitList(place, ["ls-tree", "-r", "-z", "--name-only", "--full-tree", tree]);
  if (!listed.some((path) => path === ".gitattributes" || path.endsWith("/.gitattributes"))) return new Map();
  const indexFile = join(place.gitDir, `index-${randomUUID()}`);
  try {
    const indexed = { ...place, indexFile };
    await runGit(indexed, ["read-tree", tree]);
    const input = paths.join("\0");
    const items = await gitList(indexed, ["check-attr", "--cached", "-z", "--stdin", "merge"], { input });
    const rows = paths.map((_, at) => items.slice(at * 3, at * 3 + 3));
    return new Map(
      rows.flatMap(([path = "", , how = ""]): [string, string][] =>
        ["unset", "binary", "union"].includes(how) ? [[path, how]] : [],
      ),
    );
  } finally {
    await rm(indexFile, { force: true });
  }
}

/** Exactly this path: what has a meaning in a pattern is escaped, and again for the quotes around it. */
function patternOf(path: string): string {
  const exact = path.replace(/[\\*?[\]]/g, "\\$&");
  return `"/${exact.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;
}
