/** Phase 0, action 3: what a rule's `inject` stands for: a category, one file of a category, or a shared_knowledge key. */
import type { KnowledgeCategory, KnowledgeGraph } from "../model/knowledge-graph.ts";
import { plainPath } from "./wanted-file.ts";

const MAX_ABOUT = 200;

export interface Target {
  paths: string[];
  /** said to the reader where the target brings no file */
  note?: string;
}

/** Never fails: a target that brings nothing explains why. */
export function resolveTarget(inject: string, graph: KnowledgeGraph): Target {
  const category = own(graph.knowledge_categories, inject);
  if (category !== undefined) return categoryFiles(category);
  const shared = own(graph.shared_knowledge, inject);
  if (shared !== undefined) return sharedNote(inject, shared);
  const [id, inside] = splitTarget(inject, graph);
  const parent = own(graph.knowledge_categories, id);
  if (parent === undefined) {
    const known = [...Object.keys(graph.knowledge_categories), ...Object.keys(graph.shared_knowledge)].toSorted();
    return { paths: [], note: `names nothing in the graph; known: ${known.join(", ") || "nothing"}` };
  }
  const paths = parent.files.filter((file) => isNamedBy(inside, file)).map((file) => pathIn(parent, file));
  return paths.length > 0 ? { paths } : { paths, note: `names no file of the category ${JSON.stringify(id)}` };
}

function own<T>(record: Record<string, T>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function categoryFiles(category: KnowledgeCategory): Target {
  if (category.files.length === 0) return { paths: [], note: "is a category that lists no files" };
  return { paths: category.files.map((file) => pathIn(category, file)) };
}

function sharedNote(key: string, shared: KnowledgeGraph["shared_knowledge"][string]): Target {
  const agents = shared.agents === "ALL" ? "all agents" : shared.agents.toSorted().join(", ") || "no agent";
  const about = JSON.stringify((shared.description || key).slice(0, MAX_ABOUT));
  return { paths: [], note: `is knowledge shared by ${agents} that lists no files: ${about}` };
}

/** The longest category id that `inject` starts with, and the rest: ids may contain dots themselves. */
function splitTarget(inject: string, graph: KnowledgeGraph): [string, string] {
  const id = Object.keys(graph.knowledge_categories)
    .filter((known) => inject.startsWith(`${known}.`))
    .reduce((longest, known) => (known.length > longest.length ? known : longest), "");
  return [id, inject.slice(id.length + 1)];
}

/** `patterns.retry` names `patterns/retry.md` and, since graphs leave dates out, `patterns/retry_20251201.md`. */
function isNamedBy(dotted: string, file: string): boolean {
  const stem = plainPath(file)
    .replace(/\.[^./]+$/, "")
    .replaceAll("/", ".");
  return stem === dotted || stem.replace(/_\d{8}$/, "") === dotted;
}

function pathIn(category: KnowledgeCategory, file: string): string {
  return plainPath(category.base_path === "" ? file : `${category.base_path}/${file}`);
}
