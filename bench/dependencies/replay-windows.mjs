/**
 * Real commits as tasks: of the pairs where one needs another, how many do files and symbols name; and per kind of evidence,
 * how many of the pairs it names were needs or conflicts.
 */
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { analyzeDependencies } from "../../build/core/2-dependency/analyze-dependencies.js";
import { gatherEvidence } from "../../build/core/2-dependency/gather-evidence.js";
import { readCases } from "../replay/cases.mjs";
import { clone, row, share } from "./ground.mjs";
import { historyWindow } from "./history-window.mjs";
import { openCode } from "./open-code.mjs";

const KINDS = ["scope", "symbol", "import", "history"];
const pair = (a, b) => [a, b].sort().join(" ");
const { FORKJOIN_BENCH_DATA: data = "" } = process.env;

/** The published windows: what each commit needs was found with plain git. */
export async function publishedWindows() {
  const folder = join(data, "replay");
  if (data === "" || !existsSync(folder)) return row("replay windows", "", "skipped: no $FORKJOIN_BENCH_DATA");
  const total = emptyTotal();
  for (const { repo, upstreamBase, tasks } of readCases(folder)) {
    const repository = clone(basename(repo), `replay window of ${repo}`);
    if (repository === undefined) continue;
    const needs = new Map(tasks.map((task) => [task.id, task.needs]));
    const real = tasks.flatMap((task) => [...task.conflictsWith, ...task.needsClosure].map((id) => pair(task.id, id)));
    const scopes = tasks.map((task) => ({ ...task, files: task.files.map(({ path }) => path) }));
    count(total, await kindsOf(repository, upstreamBase, scopes), { needs, real });
  }
  report("replay windows", total);
}

/** Windows cut out of public histories. */
export async function scannedWindows(names, { windows, size, every }) {
  const total = emptyTotal();
  for (const name of names) {
    const repository = clone(name, `history of ${name}`);
    if (repository === undefined) continue;
    for (let number = 0; number < windows; number += 1) {
      const { base, tasks, needs } = historyWindow(repository, { skip: number * every, size });
      count(total, await kindsOf(repository, base, tasks), { needs, real: [] });
    }
  }
  report(`${names.join(", ")}: ${windows} windows of ${size} commits each`, total);
}

function emptyTotal() {
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, { pairs: 0, right: 0 }]));
  return { needs: 0, covered: 0, kinds };
}

async function kindsOf(repository, commit, tasks) {
  const { sources, commit: base, close } = await openCode(repository, commit);
  const list = tasks.map((task) => toTask(task));
  const evidence = await gatherEvidence(list, { ...sources, commit: base });
  const graph = analyzeDependencies({ tasks: list }, "sequential", { evidence });
  close();
  if (!graph.ok) throw new Error(graph.error.message);
  const of = (kind) => graph.value.edges.filter((edge) => edge.kind === kind).map(({ from, to }) => pair(from, to));
  return new Map(KINDS.map((kind) => [kind, new Set(of(kind))]));
}

function toTask({ id, subject, files }) {
  const lists = { depends_on: [], conflicts_with: [], locks: [], modifies: [], checks: [] };
  const rest = { estimated: "10min", estimated_ms: 600_000, risk_level: "low", category: "modification" };
  return { id, description: subject, files, ...lists, ...rest, critical: false, access: "write", allow_empty: false };
}

function count(total, found, { needs, real }) {
  const pairs = new Set([...needs].flatMap(([id, others]) => others.map((other) => pair(id, other))));
  const relevant = new Set([...pairs, ...real]);
  total.needs += pairs.size;
  total.covered += [...pairs].filter((key) => found.get("scope").has(key) || found.get("symbol").has(key)).length;
  for (const kind of KINDS) {
    total.kinds[kind].pairs += found.get(kind).size;
    total.kinds[kind].right += [...found.get(kind)].filter((key) => relevant.has(key)).length;
  }
}

function report(what, { needs, covered, kinds }) {
  if (Object.values(kinds).every(({ pairs }) => pairs === 0)) return;
  const precision = KINDS.map((kind) => `${kind} ${kinds[kind].right}/${kinds[kind].pairs}`).join(", ");
  row(
    `${what}: needs found by file and symbol`,
    "recall ≥ 0.95",
    `${covered}/${needs}${needs === 0 ? "" : ` = ${share(covered / needs)}`}; right of named pairs: ${precision}`,
  );
}
