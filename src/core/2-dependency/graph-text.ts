/** The dependency graph in the formats that diagrams are drawn from: Mermaid, DOT, GraphML. */
import type { DependencyGraph, Edge } from "../model/dependency-graph.ts";
import type { GraphFormat } from "../model/picture-format.ts";

/** Solid: must wait. Dashed: never at the same time, a preference or a note. */
export function graphText(graph: DependencyGraph, format: GraphFormat): string {
  const tasks = Object.keys(graph.tasks);
  const drawn = { mermaid, dot, graphml }[format];
  return `${drawn(tasks, graph.edges)}\n`;
}

function waits(edge: Edge): boolean {
  return edge.kind === "declared" || edge.orders === true;
}

function isMutual(edge: Edge): boolean {
  return edge.kind === "scope" || edge.kind === "conflict" || edge.kind === "history";
}

/** Nodes are numbered, because ids may hold what Mermaid reads as syntax. */
function mermaid(tasks: string[], edges: Edge[]): string {
  const place = new Map(tasks.map((id, index) => [id, `t${index + 1}`]));
  const arrow = (edge: Edge): string => (waits(edge) ? "-->" : isMutual(edge) ? "-.-" : "-.->");
  return [
    "graph LR",
    ...tasks.map((id) => `  ${place.get(id)}["${id}"]`),
    ...edges.map((edge) => `  ${place.get(edge.from)} ${arrow(edge)}|${edge.kind}| ${place.get(edge.to)}`),
  ].join("\n");
}

function dot(tasks: string[], edges: Edge[]): string {
  const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  const style = (edge: Edge): string => `${waits(edge) ? "" : ", style=dashed"}${isMutual(edge) ? ", dir=none" : ""}`;
  return [
    "digraph tasks {",
    "  rankdir=LR;",
    ...tasks.map((id) => `  ${quoted(id)};`),
    ...edges.map(
      (edge) =>
        `  ${quoted(edge.from)} -> ${quoted(edge.to)} [label=${quoted(edge.kind)}, tooltip=${quoted(edge.why)}${style(edge)}];`,
    ),
    "}",
  ].join("\n");
}

const KEYS = ["kind", "confidence", "why", "orders"] as const;

function graphml(tasks: string[], edges: Edge[]): string {
  const data = (key: string, value: string): string => `<data key="${key}">${escaped(value)}</data>`;
  const edgeText = (edge: Edge): string => {
    const values = { ...edge, confidence: String(edge.confidence), orders: String(waits(edge)) };
    const inside = KEYS.map((key) => data(key, values[key])).join("");
    return `    <edge source="${escaped(edge.from)}" target="${escaped(edge.to)}">${inside}</edge>`;
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...KEYS.map((key) => `  <key id="${key}" for="edge" attr.name="${key}" attr.type="${typeOf(key)}"/>`),
    '  <graph edgedefault="directed">',
    ...tasks.map((id) => `    <node id="${escaped(id)}"/>`),
    ...edges.map(edgeText),
    "  </graph>",
    "</graphml>",
  ].join("\n");
}

function typeOf(key: (typeof KEYS)[number]): string {
  if (key === "orders") return "boolean";
  return key === "confidence" ? "double" : "string";
}

/** Text for XML 1.0, without the characters that it cannot hold at all. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
