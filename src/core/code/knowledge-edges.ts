/** Knowledge graphs as evidence: node-link graphs of other tools, and MCP memory's lines, as edges between files. */
import { fieldOf, listOf, readJson, textField } from "./read-json.ts";

export interface KnowledgeEdge {
  /** the file that needs `to` */
  from: string;
  to: string;
  relation: string;
}

/** Where tools leave their graphs inside a repository. */
export const GRAPH_FILES: readonly string[] = [
  "graphify-out/graph.json",
  "knowledge-graph.json",
  ".understand-anything/knowledge-graph.json",
  "knowledge_graph.json",
  "memory.jsonl",
];

/** Relations that say that one thing needs another. */
const NEEDS = new Set(
  "imports import calls call uses use depends_on references extends implements inherits tested_by".split(" "),
);
/** Relations that are said of the thing needed. */
const TURNED = new Set(["tested_by"]);
const MAX_EDGES = 200_000;

/** Undefined when the text is no such graph; a routing table of task types is none. */
export function readKnowledgeEdges(text: string, isFile: (path: string) => boolean): KnowledgeEdge[] | undefined {
  const json = readJson(text);
  const nodes = listOf(fieldOf(json, "nodes"));
  const links = [...listOf(fieldOf(json, "links")), ...listOf(fieldOf(json, "edges"))];
  if (nodes.length === 0 && links.length === 0) return memoryEdges(text, isFile);
  const files = new Map<string, string>();
  for (const node of nodes) {
    const id = textField(node, "id") ?? textField(node, "key");
    const path = id === undefined ? undefined : fileOfNode(node, id, isFile);
    if (id !== undefined && path !== undefined) files.set(id, path);
  }
  return unique(links.slice(0, MAX_EDGES).map((link) => edgeOf(link, files)));
}

const FILE_FIELDS = ["source_file", "filePath", "file_path", "file", "path"];

function fileOfNode(node: unknown, id: string, isFile: (path: string) => boolean): string | undefined {
  const holders = [node, fieldOf(node, "attributes")];
  const named = holders.flatMap((holder) => FILE_FIELDS.map((field) => textField(holder, field)));
  return [...named, id]
    .flatMap((path) => (path === undefined ? [] : [path.replaceAll("\\", "/").replace(/^\.\//, "")]))
    .find(isFile);
}

function edgeOf(link: unknown, files: Map<string, string>): KnowledgeEdge | undefined {
  const attributes = fieldOf(link, "attributes");
  const relation = ["relation", "type", "kind", "label"]
    .flatMap((field) => [textField(link, field), textField(attributes, field)])
    .find((value) => value !== undefined);
  const [source, target] = [textField(link, "source"), textField(link, "target")];
  const [from, to] = [files.get(source ?? ""), files.get(target ?? "")];
  return from === undefined || to === undefined ? undefined : needing(from, to, relation ?? "");
}

function needing(from: string, to: string, relation: string): KnowledgeEdge | undefined {
  const name = relation.toLowerCase().replaceAll("-", "_");
  if (from === to || !NEEDS.has(name)) return undefined;
  return TURNED.has(name) ? { from: to, to: from, relation: name } : { from, to, relation: name };
}

/** One JSON object per line: `relation` lines between entities that are named like files. */
function memoryEdges(text: string, isFile: (path: string) => boolean): KnowledgeEdge[] | undefined {
  const lines = text.split("\n", MAX_EDGES).map(readJson);
  const relations = lines.filter((line) => textField(line, "type") === "relation");
  if (relations.length === 0) return undefined;
  return unique(
    relations.map((line) => {
      const [from = "", to = ""] = [textField(line, "from"), textField(line, "to")];
      return isFile(from) && isFile(to) ? needing(from, to, textField(line, "relationType") ?? "") : undefined;
    }),
  );
}

function unique(found: (KnowledgeEdge | undefined)[]): KnowledgeEdge[] {
  const edges = new Map<string, KnowledgeEdge>();
  for (const edge of found) if (edge !== undefined) edges.set(`${edge.from}\n${edge.to}`, edge);
  return [...edges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, edge]) => edge);
}

const ELSEWHERE: [RegExp, string][] = [
  [/(^|\/)(entities|relationships|text_units|communities)\.parquet$/, "GraphRAG's tables are not read"],
  [/(^|\/)[\w.-]*(code-?graph|code-review-graph)[\w.-]*\.(db|sqlite3?)$/i, "a graph in SQLite is not read"],
];

/** Graphs of other tools that are not read, with what to do instead. */
export function unsupportedGraphs(paths: Iterable<string>): { path: string; reason: string }[] {
  return [...paths].flatMap((path) => {
    const says = ELSEWHERE.find(([pattern]) => pattern.test(path))?.[1];
    return says === undefined
      ? []
      : [{ path, reason: `${says}: export it as node-link JSON to graphify-out/graph.json` }];
  });
}
