/** Phase 0, action 2: find `knowledge_graph.json`, where the operator said or in the roots. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { failure } from "../../core/model/failure.ts";
import { MAX_GRAPH_BYTES } from "../../core/model/knowledge-graph.ts";
import { err, ok, type Result } from "../../core/model/result.ts";
import { confinedPath } from "./confined-path.ts";
import { readLimited } from "./read-limited.ts";

export const GRAPH_NAME = "knowledge_graph.json";

interface GraphText {
  location: string;
  text: string;
}

/** Undefined when there is none. A graph named by the operator may lie anywhere; one that is found must lie inside the roots. */
export async function readGraph(named: string | undefined, roots: string[]): Promise<Result<GraphText | undefined>> {
  if (named !== undefined) return (await exists(named)) ? readText(named, named) : ok(undefined);
  for (const root of roots) {
    const target = await confinedPath(root, GRAPH_NAME, roots);
    if (target !== undefined) return readText(target, join(root, GRAPH_NAME));
  }
  return ok(undefined);
}

/** Absent means absent: a graph that is there but out of reach (no permission, a loop of links) is a failure, not a missing one. */
async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== "ENOENT" && error.code !== "ENOTDIR",
  );
}

async function readText(target: string, location: string): Promise<Result<GraphText>> {
  const result = await readLimited(target, MAX_GRAPH_BYTES);
  if (result.kind === "too_large") return unreadable(location, `it is over ${MAX_GRAPH_BYTES / 1024 / 1024} MB`);
  if (result.kind === "no_file") return unreadable(location, result.why);
  try {
    return ok({ location, text: new TextDecoder("utf-8", { fatal: true }).decode(result.bytes) });
  } catch {
    return unreadable(location, "it is not UTF-8 text");
  }
}

function unreadable(location: string, why: string): Result<GraphText> {
  const hint = `Make ${GRAPH_NAME} a readable UTF-8 file of at most ${MAX_GRAPH_BYTES / 1024 / 1024} MB, or name another one.`;
  return err(failure("knowledge_unreadable", `${location}: the knowledge graph cannot be read: ${why}`, hint));
}
