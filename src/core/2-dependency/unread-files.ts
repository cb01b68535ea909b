/** Phase 2.2 — what the scopes hold that could not be read, or only in part, with the reason: the analysis says what it does not know. */
import { ancestorsOf, parseScope, scopeContains } from "../boundary/scope.ts";
import type { CodeIndex } from "../code/code-index.ts";
import type { UnreadFile } from "../model/dependency-graph.ts";
import type { Task } from "../model/task.ts";

const SUBMODULE = "160000";
const REASONS = {
  submodule: "a submodule, whose content lives in another repository",
  link: "a symbolic link, which is not followed",
};

/** `scope` is every file of the tasks' scopes; sorted by path. */
export function unreadFiles(tasks: Task[], scope: string[], index: CodeIndex): UnreadFile[] {
  const files = scope.flatMap((path): UnreadFile[] => {
    const facts = index.factsOf(path);
    if (facts === undefined || facts.status === "ok") return [];
    return [{ path, status: facts.status, reason: facts.reason ?? "unknown" }];
  });
  return [...files, ...noFiles(tasks, index)].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Links and submodules in the scopes, and submodules that a scope lies in. */
function noFiles(tasks: Task[], { others }: CodeIndex): UnreadFile[] {
  if (others.size === 0) return [];
  const scopes = [...new Set(tasks.flatMap((task) => task.files))].map(parseScope);
  const around = new Set(scopes.flatMap(({ path }) => [...ancestorsOf(path), path]));
  return [...others].flatMap(([path, mode]): UnreadFile[] => {
    if (!around.has(path) && !scopes.some((scope) => scopeContains(scope, path))) return [];
    return [{ path, status: "skipped", reason: mode === SUBMODULE ? REASONS.submodule : REASONS.link }];
  });
}
