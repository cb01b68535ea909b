/**
 * Real commit windows as tasks: of the pairs where one commit needed another, how many does each kind of evidence name, and how many
 * of the pairs it names were needs or conflicts. node replay-windows.mjs DATA CASE=REPOSITORY…
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { analyzeDependencies } from "../../dist/core/2-dependency/analyze-dependencies.js";
import { gatherEvidence } from "../../dist/core/2-dependency/gather-evidence.js";
import { openCode } from "./open-code.mjs";

const [, , data, ...cases] = process.argv;
const KINDS = ["scope", "symbol", "import", "history"];
const total = {
  needs: 0,
  covered: 0,
  kinds: Object.fromEntries(KINDS.map((kind) => [kind, { pairs: 0, right: 0, needs: 0 }])),
};
for (const [name, repository] of cases.map((text) => text.split("="))) {
  const window = JSON.parse(readFileSync(join(data, `${name}.json`), "utf8"));
  const { sources, commit, close } = await openCode(repository, window.upstreamBase);
  const tasks = window.tasks.map((task) => ({
    ...{
      id: task.id,
      description: task.subject,
      files: task.files.map((file) => file.path),
      estimated: "10min",
      estimated_ms: 600_000,
    },
    ...{
      risk_level: "low",
      category: "modification",
      depends_on: [],
      conflicts_with: [],
      locks: [],
      modifies: [],
      critical: false,
    },
    ...{ access: "write", checks: [], allow_empty: false },
  }));
  const graph = analyzeDependencies({ tasks }, "sequential", {
    evidence: await gatherEvidence(tasks, { ...sources, commit }),
  });
  close();
  const pair = (a, b) => [a, b].sort().join(" ");
  const needs = new Set(window.tasks.flatMap((task) => task.needs.map((other) => pair(task.id, other))));
  const real = new Set([
    ...needs,
    ...window.tasks.flatMap((task) =>
      [...task.conflictsWith, ...task.needsClosure].map((other) => pair(task.id, other)),
    ),
  ]);
  const found = new Map(
    KINDS.map((kind) => [
      kind,
      new Set(graph.value.edges.filter((edge) => edge.kind === kind).map((edge) => pair(edge.from, edge.to))),
    ]),
  );
  const covered = [...needs].filter((key) => found.get("scope").has(key) || found.get("symbol").has(key));
  total.needs += needs.size;
  total.covered += covered.length;
  for (const kind of KINDS) {
    total.kinds[kind].pairs += found.get(kind).size;
    total.kinds[kind].right += [...found.get(kind)].filter((key) => real.has(key)).length;
    total.kinds[kind].needs += [...found.get(kind)].filter((key) => needs.has(key)).length;
  }
  process.stderr.write(`${name}: ${covered.length} of ${needs.size} needs\n`);
}
console.log(JSON.stringify({ ...total, recall: total.covered / total.needs }, null, 1));
