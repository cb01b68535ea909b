/** Recall and precision of the search for semantic conflicts over the labelled pairs, each tried in both orders. `--help` lists the options. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { openRepository } from "../build/adapters/git/repository/git-repository.js";
import { locateRepository } from "../build/adapters/git/repository/repository-location.js";
import { languageAnalyser } from "../build/adapters/language-analyser/language-analyser.js";
import { structuredText } from "../build/adapters/structured-text/structured-text.js";
import { findOverlap } from "../build/core/5-aggregate/find-overlap.js";
import { gate } from "../build/core/5-aggregate/merge/gate.js";
import { findSemantic } from "../build/core/5-aggregate/semantic/find-semantic.js";
import { commitCases, readCases } from "./semantic/cases.mjs";

const CASES = fileURLToPath(new URL("../tests/fixtures/semantic", import.meta.url));
const USAGE = `usage: node bench/semantic.mjs [--cases FOLDER] [--json] [--verbose]

--cases FOLDER  YAML files of labelled cases (default: tests/fixtures/semantic)
--json          one JSON document instead of the table
--order a|b     only with the first, or the second, of each pair integrated before the other
--verbose       what was found in every case`;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: CASES },
    json: { type: "boolean", default: false },
    order: { type: "string" },
    verbose: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const NO_CACHE = {
  facts: async () => new Map(),
  keepFacts: async () => undefined,
  text: async () => undefined,
  keepText: async () => undefined,
};

async function judge(folder, cases) {
  const commits = commitCases(folder, cases);
  const located = await locateRepository(folder);
  const repository = await openRepository(located.value, join(folder, ".git", "engine.git"));
  const sources = { repository, analyser: languageAnalyser(), cache: NO_CACHE };
  return repository.together(() => judgeAll(sources, cases, commits));
}

async function judgeAll(sources, cases, commits) {
  const { repository } = sources;
  const outcomes = [];
  for (const [at, one] of cases.entries()) {
    const [base, a, b] = commits[at];
    for (const [order, tip, source] of [
      ["a first", a, b],
      ["b first", b, a],
    ].filter(([order]) => values.order === undefined || order.startsWith(values.order))) {
      const overlap = await findOverlap(repository, { base, tip, source });
      const { tree, conflicts } = await repository.merge(base, tip, source);
      if (conflicts.length > 0) throw new Error(`${one.id}: git does not merge it, so it is no case`);
      const found = [
        ...(await twiceInOneFile({ ...sources, structuredText: structuredText() }, overlap, tree)),
        ...(await findSemantic(sources, { sides: { base, tip, source }, overlap, merged: tree })),
      ];
      outcomes.push({ ...one, order, found, hit: found.some((finding) => isMeant(finding, one.expected)) });
    }
  }
  return outcomes;
}

/** What the gate behind every merge says of the files both tasks changed. */
async function twiceInOneFile(ports, overlap, tree) {
  const merged = await ports.repository.files(tree);
  const found = [];
  for (const path of overlap.paths) {
    const their = overlap.theirs.find((change) => change.path === path);
    const versions = { base: their.before, ours: overlap.ours.get(path)?.after, theirs: their.after };
    const problem = await gate(ports, { path, ...versions, merged: merged.get(path) });
    if (problem !== undefined) found.push({ symbol: problem.twice?.symbol ?? "", why: problem.why, confidence: 0.95 });
  }
  return found;
}

/** The conflict that was labelled, not just any. */
function isMeant({ symbol }, expected) {
  return expected !== undefined && (symbol === expected || expected.endsWith(symbol) || symbol.endsWith(expected));
}

function figures(outcomes) {
  const conflicts = outcomes.filter((outcome) => outcome.expected !== undefined);
  const flagged = outcomes.filter((outcome) => outcome.found.length > 0);
  const hits = conflicts.filter((outcome) => outcome.hit).length;
  const right = flagged.filter((outcome) => outcome.expected !== undefined).length;
  return {
    cases: outcomes.length,
    conflicts: conflicts.length,
    recall: hits / conflicts.length,
    precision: flagged.length === 0 ? 1 : right / flagged.length,
    missed: conflicts.filter((outcome) => !outcome.hit).map((outcome) => `${outcome.id} (${outcome.order})`),
    false_alarms: flagged
      .filter((outcome) => outcome.expected === undefined)
      .map((outcome) => `${outcome.id} (${outcome.order}): ${outcome.found[0].why}`),
  };
}

function print(outcomes) {
  const rows = [...new Set(outcomes.map((outcome) => `${outcome.language} ${outcome.kind}`))].map((name) => {
    const [language, kind] = name.split(" ");
    const { cases, recall, precision } = figures(
      outcomes.filter((outcome) => outcome.language === language && outcome.kind === kind),
    );
    return `${language.padEnd(12)}${kind.padEnd(14)}${String(cases).padStart(5)}${recall.toFixed(2).padStart(8)}${precision.toFixed(2).padStart(11)}`;
  });
  console.log(`language    kind          cases  recall  precision\n${rows.join("\n")}`);
  const { cases, recall, precision, missed, false_alarms } = figures(outcomes);
  console.log(`\nall: ${cases} merges, recall ${recall.toFixed(3)}, precision ${precision.toFixed(3)}`);
  for (const line of missed) console.log(`missed: ${line}`);
  for (const line of false_alarms) console.log(`false alarm: ${line}`);
}

async function main() {
  if (values.help) return console.log(USAGE);
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-semantic-")));
  try {
    const outcomes = await judge(folder, readCases(values.cases));
    if (values.json) console.log(JSON.stringify(figures(outcomes)));
    else print(outcomes);
    if (values.verbose) {
      for (const { id, order, found } of outcomes) {
        for (const { why, confidence, proposal } of found) {
          console.log(`${id} (${order}) ${confidence}: ${why}${proposal === undefined ? "" : " [proposal]"}`);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
