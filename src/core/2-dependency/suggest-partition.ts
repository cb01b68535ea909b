/** Phase 2 suggestion — a large scope whose files fall into loosely coupled parts could be several tasks. */

import { importEdges } from "../code/code-graph.ts";
import type { CodeIndex } from "../code/code-index.ts";
import { communities } from "../code/communities.ts";
import type { Suggestion } from "../model/task-list.ts";
import type { TaskFiles } from "./task-files.ts";

const LARGE = 24;
const SMALLEST_PART = 6;
const MOST_PARTS = 6;
const MOST_FILES = 3_000;

export function suggestPartition(tasks: TaskFiles[], index: CodeIndex): Suggestion[] {
  return tasks.flatMap(({ task, changes }) => {
    const files = [...changes.keys()].filter((path) => (index.factsOf(path)?.depth ?? "file") !== "file");
    if (files.length < LARGE || files.length > MOST_FILES) return [];
    const parts = communities(files, importEdges(files, index)).filter((part) => part.length >= SMALLEST_PART);
    if (parts.length < 2 || parts.length > MOST_PARTS * 2) return [];
    const shown = parts.slice(0, MOST_PARTS).map((part) => `${part.length} files around ${part[0]}`);
    const message = `task ${task.id} covers ${files.length} source files that fall into ${parts.length} loosely coupled parts: ${shown.join("; ")}`;
    const apply = { split: task.id, parts: parts.slice(0, MOST_PARTS) };
    return [{ message, apply }];
  });
}
