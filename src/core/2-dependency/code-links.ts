/** Phase 2.2 — if task A modifies a function that task B calls, B waits for A: the pairs of tasks whose files use each other. */

import { importEdges } from "../code/code-graph.ts";
import type { CodeIndex } from "../code/code-index.ts";
import { type Reference, referencesOf } from "../code/references.ts";
import type { Edge } from "../model/dependency-graph.ts";
import { outerSymbol, type Symbols, type TaskFiles } from "./task-files.ts";

const DECLARED = 0.95;
const EXPORTED = 0.7;
const WHOLE_MODULE = 0.6;
const IMPORT = 0.4;
const TYPE_IMPORT = 0.3;

interface Link {
  confidence: number;
  why: string;
  more: number;
  /** what is used is still to be made */
  required?: boolean;
}

/** Symbol edges, and import edges for pairs that have none; in the order of the task list. */
export function codeLinks(tasks: TaskFiles[], index: CodeIndex): Edge[] {
  const changers = changersByFile(tasks);
  const users = usersByFile(tasks);
  const symbol = new Links();
  const imported = new Links();
  for (const [path, using] of users) {
    const references = referencesOf(path, index);
    for (const reference of references) {
      for (const from of changers.get(reference.to) ?? []) addUse(symbol, { from, using, path, reference }, index);
    }
    addImports(imported, { path, using, changers, index });
  }
  for (const key of symbol.keys()) imported.delete(key);
  return [...symbol.edges(tasks, "symbol"), ...imported.edges(tasks, "import")];
}

function changersByFile(tasks: TaskFiles[]): Map<string, TaskFiles[]> {
  const found = new Map<string, TaskFiles[]>();
  for (const one of tasks) for (const path of one.changes.keys()) found.set(path, [...(found.get(path) ?? []), one]);
  return found;
}

function usersByFile(tasks: TaskFiles[]): Map<string, TaskFiles[]> {
  const found = new Map<string, TaskFiles[]>();
  for (const one of tasks) for (const path of one.scope.keys()) found.set(path, [...(found.get(path) ?? []), one]);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

interface Use {
  from: TaskFiles;
  using: TaskFiles[];
  path: string;
  reference: Reference;
}

function addUse(links: Links, { from, using, path, reference }: Use, index: CodeIndex): void {
  const wanted = from.changes.get(reference.to);
  if (!concerns(wanted, reference.symbol)) return;
  const confidence = from.declared ? DECLARED : reference.symbol === "*" ? WHOLE_MODULE : EXPORTED;
  const what = reference.symbol === "*" ? reference.to : `${reference.symbol} of ${reference.to}`;
  const says = from.declared ? "modifies" : "may change";
  for (const to of using) {
    if (from === to || !separate(from, to, path, reference)) continue;
    const place =
      reference.within === "" ? `${path}:${reference.line}` : `${path}:${reference.line} (${reference.within})`;
    const required = from.declared && isToBeMade(reference, index);
    links.add(from, to, { confidence, why: `${place} uses ${what}, which ${from.task.id} ${says}`, more: 0, required });
  }
}

/** The file has been read, and has no such symbol yet. */
function isToBeMade({ to, symbol }: Reference, index: CodeIndex): boolean {
  const facts = index.factsOf(to);
  if (facts === undefined || symbol === "*") return false;
  return !facts.symbols.some(({ name }) => outerSymbol(name) === outerSymbol(symbol));
}

/** Is the symbol one of those? Methods are a matter of their class. */
function concerns(wanted: Symbols, symbol: string): boolean {
  if (wanted === undefined || symbol === "*") return true;
  return [...wanted].some((name) => name === symbol || outerSymbol(name) === outerSymbol(symbol));
}

/** Each task sees to its own files itself: a use counts where only B may write it and what is used is not B's to change. */
function separate(from: TaskFiles, to: TaskFiles, path: string, { to: target, symbol, within }: Reference): boolean {
  const place = to.scope.get(path);
  if (place !== undefined && !concerns(place, within === "" ? "" : within)) return false;
  if (owns(from, path, within)) return false;
  return !owns(to, target, symbol);
}

function owns(task: TaskFiles, path: string, symbol: string): boolean {
  if (!task.scope.has(path)) return false;
  const symbols = task.scope.get(path);
  return symbols === undefined || (symbol !== "*" && concerns(symbols, symbol));
}

function addImports(
  links: Links,
  found: { path: string; using: TaskFiles[]; changers: Map<string, TaskFiles[]>; index: CodeIndex },
): void {
  const { path, using, changers, index } = found;
  for (const edge of importEdges([path], index)) {
    for (const from of changers.get(edge.to) ?? []) {
      for (const to of using) {
        if (from === to || from.scope.has(path) || to.scope.has(edge.to)) continue;
        const confidence = edge.kind === "type" ? TYPE_IMPORT : IMPORT;
        const why = `${path}:${edge.line} imports ${edge.to}, which ${from.task.id} may change`;
        links.add(from, to, { confidence, why, more: 0 });
      }
    }
  }
}

/** The strongest reason per ordered pair of tasks, and how many more there are. */
class Links {
  readonly #links = new Map<string, Link>();

  add(from: TaskFiles, to: TaskFiles, link: Link): void {
    const key = `${from.task.id}\n${to.task.id}`;
    const known = this.#links.get(key);
    if (known === undefined) this.#links.set(key, link);
    else {
      const required = known.required === true || link.required === true;
      const stronger = link.confidence > known.confidence ? link : known;
      this.#links.set(key, { ...stronger, more: known.more + 1, required });
    }
  }

  keys(): Iterable<string> {
    return this.#links.keys();
  }

  delete(key: string): void {
    this.#links.delete(key);
  }

  edges(tasks: TaskFiles[], kind: "symbol" | "import"): Edge[] {
    return tasks.flatMap((from) =>
      tasks.flatMap((to): Edge[] => {
        const link = this.#links.get(`${from.task.id}\n${to.task.id}`);
        if (link === undefined) return [];
        const more = link.more === 0 ? "" : ` (and ${link.more} more)`;
        const edge = {
          from: from.task.id,
          to: to.task.id,
          kind,
          confidence: link.confidence,
          why: `${link.why}${more}`,
        };
        return [link.required === true ? { ...edge, required: true } : edge];
      }),
    );
  }
}
