/** Phase 0, actions 3 and 4: turn wanted paths into files, each file once, folders expanded, smallest first. */
import type { KnowledgeFile } from "../model/knowledge-context.ts";
import { pathProblem } from "../model/scope-pattern.ts";
import type { KnowledgeEntry, KnowledgeSource } from "../ports/knowledge-source.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { plainPath, type WantedFile } from "./wanted-file.ts";

const NOT_FOUND = "not found in any root as a readable text file of at most 1 MB, or a folder of such files";

export interface Collected {
  /** smallest first, equal ones by path */
  files: KnowledgeFile[];
  /** what was asked for and gave nothing, by path */
  absent: { path: string; reason: string }[];
}

/** Paths in `seen` were loaded before and are left out; those found now are added to it. */
export async function collectFiles(
  wanted: WantedFile[],
  source: KnowledgeSource,
  seen: Set<string>,
): Promise<Collected> {
  const files: KnowledgeFile[] = [];
  const absent = new Map<string, string>();
  for (const { path: written, reason } of wanted) {
    const path = plainPath(written);
    const problem = pathProblem(path.replace(/\/$/, ""));
    const entries = problem === undefined ? await source.files(path) : [];
    if (entries.length === 0) absent.set(path || written, problem === undefined ? NOT_FOUND : `the path ${problem}`);
    for (const entry of entries) {
      if (!seen.has(entry.path)) files.push(knowledgeFile(entry, reason));
      seen.add(entry.path);
    }
  }
  return {
    files: files.sort(bySize),
    absent: [...absent].map(([path, reason]) => ({ path, reason })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

function knowledgeFile({ path, size_bytes, text }: KnowledgeEntry, reason: string): KnowledgeFile {
  return { path, uri: knowledgeUri(path), size_bytes, tokens: estimateTokens(text), reason };
}

/** The path's segments are percent-encoded, so that spaces, `#` and `?` stay part of the path. */
function knowledgeUri(path: string): string {
  const segments = path.replace(/\p{Cs}/gu, "\ufffd").split("/");
  return `knowledge://files/${segments.map(encodeURIComponent).join("/")}`;
}

function bySize(a: KnowledgeFile, b: KnowledgeFile): number {
  return a.tokens - b.tokens || a.size_bytes - b.size_bytes || (a.path < b.path ? -1 : 1);
}
