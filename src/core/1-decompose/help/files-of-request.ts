/** Phase 1.1 — which files a request in plain words is about: those whose path, folder or name it mentions. */

const WORD = /[\p{L}\p{N}_@][\p{L}\p{N}_@./-]*/gu;
const SHORTEST = 3;

/** Source files that `request` names; all of them when it names none. */
export function filesOfRequest(request: string, sources: string[]): { files: string[]; named: string[] } {
  const words = new Set([...request.matchAll(WORD)].map(([word]) => word.replace(/[./]+$/, "")));
  const paths = sources.filter((path) => words.has(path));
  const folders = new Set(sources.flatMap(foldersOf).filter((folder) => folder.includes("/") && words.has(folder)));
  const names = new Set(sources.flatMap(namesOf).filter((name) => name.length >= SHORTEST && words.has(name)));
  const mentioned = (path: string): boolean =>
    paths.includes(path) ||
    foldersOf(path).some((folder) => folders.has(folder)) ||
    namesOf(path).some((name) => names.has(name));
  const files = sources.filter(mentioned);
  if (files.length === 0) return { files: sources, named: [] };
  return { files, named: [...new Set([...paths, ...folders, ...names])].sort() };
}

function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/** The folders' own names and the file's, with and without its ending. */
function namesOf(path: string): string[] {
  const parts = path.split("/");
  const file = parts.at(-1) ?? path;
  return [...parts.slice(0, -1), file, file.replace(/\.[^.]+$/, "")];
}
