/** Phase 1.1 — which files a request in plain words is about: those it names by a path or by a file's full name. */

const WORD = /[\p{L}\p{N}_@][\p{L}\p{N}_@./-]*/gu;

/** A folder counts when it is written as a path, such as `src/auth`. All sources when nothing is named: a word alone may mean anything. */
export function filesOfRequest(request: string, sources: string[]): { files: string[]; named: string[] } {
  const words = new Set([...request.matchAll(WORD)].map(([word]) => word.replace(/[./]+$/, "")));
  const paths = sources.filter((path) => words.has(path));
  const folders = new Set(sources.flatMap(foldersOf).filter((folder) => folder.includes("/") && words.has(folder)));
  const names = new Set(sources.map(nameOf).filter((name) => name.includes(".") && words.has(name)));
  const mentioned = (path: string): boolean =>
    words.has(path) || names.has(nameOf(path)) || foldersOf(path).some((folder) => folders.has(folder));
  const files = sources.filter(mentioned);
  if (files.length === 0) return { files: sources, named: [] };
  return { files, named: [...new Set([...paths, ...folders, ...names])].sort() };
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
