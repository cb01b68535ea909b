/** Why tasks wait, stay apart or are worth an eye, as text for a terminal: every edge of phase 2 in its section, with its reason. */
import type { DependencyGraph, Edge } from "../core/model/dependency-graph.ts";

/** More lines of one kind than this help nobody; the JSON has them all. */
const MOST_NOTES = 20;

export function renderDependencies(graph: DependencyGraph): string[] {
  const excluded = new Set(graph.conflicts.map(([a, b]) => `${a} ${b}`));
  const apart = (edge: Edge): boolean => excluded.has([edge.from, edge.to].sort().join(" "));
  const waits = graph.edges.filter((edge) => edge.orders === true);
  const others = graph.edges.filter((edge) => edge.orders !== true && edge.kind !== "declared");
  return [
    ...section("never side by side:", capped(others.filter(apart).map(between))),
    ...section("waits, because the code says so:", capped(waits.map(towards))),
    ...section("not looked into: there only declared needs and scopes count:", notRead(graph)),
    ...section("worth knowing, orders nothing:", capped(others.filter((edge) => !apart(edge)).map(noted))),
    ...section(
      "not read, or only in part:",
      capped(
        (graph.unread ?? []).map((file) => `${file.path}: ${file.reason}`),
        graph.unread_more,
      ),
    ),
    ...section("suggestions:", [...(graph.cycles ?? []).map((cycle) => cycle.proposal), ...suggestionsOf(graph)]),
  ];
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function between({ from, to, why }: Edge): string {
  return `${from} | ${to}: ${why}`;
}

function towards({ from, to, why }: Edge): string {
  return `${from} → ${to}: ${why}`;
}

/** `history` and `scope` have no direction. */
function noted(edge: Edge): string {
  const mutual = edge.kind === "history" || edge.kind === "scope";
  return `${edge.kind}: ${mutual ? between(edge) : towards(edge)}`;
}

/** Languages of the tasks' files whose imports nobody follows. */
function notRead({ coverage }: DependencyGraph): string[] {
  const shallow = Object.entries(coverage).filter(([language, depth]) => language !== "*" && depth !== "symbol");
  return shallow.map(([language, depth]) => `${language}: ${depth === "file" ? "not read" : "definitions only"}`);
}

/** `unlisted` are those that the graph itself only counts. */
function capped(lines: string[], unlisted = 0): string[] {
  const more = Math.max(0, lines.length - MOST_NOTES) + unlisted;
  return more === 0 ? lines : [...lines.slice(0, MOST_NOTES), `and ${more} more`];
}

/** Suggestions without those to merge the tasks of a cycle, whose own proposals say more. */
function suggestionsOf({ suggestions = [], cycles = [] }: DependencyGraph): string[] {
  return suggestions.slice(cycles.length).map((suggestion) => suggestion.message);
}
