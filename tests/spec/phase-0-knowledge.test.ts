/** PHASE 0 of the specification, clause by clause, and the eight traps of real knowledge graphs. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { fileKnowledgeSource } from "../../src/adapters/knowledge-source/file-knowledge-source.ts";
import { estimateTokens } from "../../src/core/0-knowledge/estimate-tokens.ts";
import { type KnowledgeRequest, loadKnowledge } from "../../src/core/0-knowledge/load-knowledge.ts";
import { KnowledgeContext } from "../../src/core/model/knowledge-context.ts";

const FIXTURE = fileURLToPath(new URL("../fixtures/knowledge", import.meta.url));
const PROJECT = join(FIXTURE, "project");
const LIBRARY = join(FIXTURE, "library");
const GRAPH = join(PROJECT, "knowledge_graph.json");
const NOT_FOUND = "not found in any root as a readable text file of at most 1 MB, or a folder of such files";

async function load(asked: KnowledgeRequest, roots = [PROJECT, LIBRARY]): Promise<KnowledgeContext> {
  const result = await loadKnowledge(asked, fileKnowledgeSource({ roots }));
  if (!result.ok) expect.fail(result.error.message);
  return result.value;
}

function paths(files: { path: string }[]): string[] {
  return files.map(({ path }) => path);
}

describe("PHASE 0: Knowledge Loading (Cross-Agent)", () => {
  test("Action 1. Detect task type from user request", async () => {
    const { task_detection } = await load({ request: "Add a new route that lists sailings" });
    expect(task_detection).toEqual({
      detected_type: "add_endpoint",
      confidence: 0.667,
      matched_triggers: ["new route"],
      ambiguous: false,
      alternatives: [],
      primary_agent: "backend_agent",
      why: 'the request contains "new route"',
    });
  });

  test("Action 2. Load knowledge_graph.json", async () => {
    expect((await load({ request: "x" })).graph).toEqual(GRAPH);
    expect((await load({ request: "x" }, [LIBRARY, PROJECT])).graph).toEqual(GRAPH);
  });

  test("Action 3. Read required files for task type", async () => {
    const { knowledge } = await load({ request: "x", task_type: "write_migration" });
    const path = "handbook/rollback.md";
    const text = readFileSync(join(LIBRARY, path), "utf8");
    expect(knowledge.status).toEqual("complete");
    expect(knowledge.required).toEqual([
      {
        path,
        uri: `knowledge://files/${path}`,
        size_bytes: Buffer.byteLength(text),
        tokens: estimateTokens(text),
        reason: 'required by the task type "write_migration"',
      },
    ]);
  });

  test("Action 4. Read recommended files (if context allows)", async () => {
    const roomy = await load({ request: "x", task_type: "write_migration" });
    const narrow = await load({ request: "x", task_type: "write_migration", budget_tokens: 4_999 });
    const offered = ["guides/naming.md", "guides/wording/dates.md", "guides/wording/short_sentences_20261103.md"];
    expect(paths(roomy.knowledge.recommended).sort()).toEqual(offered);
    expect(roomy.knowledge.skipped_recommended).toEqual([]);
    expect(narrow.knowledge.required).toEqual(roomy.knowledge.required);
    expect(narrow.knowledge.recommended).toEqual([]);
    expect(narrow.knowledge.skipped_recommended).toEqual(
      offered.map((path) => ({
        path,
        reason: "context budget limit reached: 4981 of the budget of 4999 tokens left, and 5000 are kept free",
      })),
    );
  });

  test("Action 5. Store in $knowledge_context; Output: available for all subsequent phases", async () => {
    const context = await load({ request: "There is a fault in the harbour screen" });
    expect(KnowledgeContext.parse(JSON.parse(JSON.stringify(context)))).toEqual(context);
    expect(context).toEqual({
      graph: GRAPH,
      task_detection: {
        detected_type: "fix_fault",
        confidence: 0.5,
        matched_triggers: ["fault"],
        ambiguous: false,
        alternatives: [],
        primary_agent: "repair_agent",
        why: 'the request contains "fault"',
      },
      knowledge: {
        status: "partial",
        required: [
          {
            path: "guides/errors.md",
            uri: "knowledge://files/guides/errors.md",
            size_bytes: 54,
            tokens: 14,
            reason: 'required by the task type "fix_fault"',
          },
        ],
        recommended: [
          {
            path: "handbook/contacts.md",
            uri: "knowledge://files/handbook/contacts.md",
            size_bytes: 42,
            tokens: 10,
            reason: 'recommended by the task type "fix_fault"',
          },
        ],
        skipped_recommended: [],
        already_loaded: [],
        missing_files: ["guides/incidents.md"],
        notes: [
          `required "guides/incidents.md" is missing: ${NOT_FOUND}`,
          'auto-inject target "HARBOURS" is knowledge shared by all agents that lists no files: "The names of the harbours"',
        ],
        total_tokens_loaded: 24,
        budget_tokens: 100_000,
      },
    });
  });

  test("Task Type: parallel_orchestration, named outright, wins over the request's words", async () => {
    const { task_detection } = await load({ request: "Add a new route", task_type: "parallel_orchestration" });
    expect(task_detection.detected_type).toEqual(null);
  });

  test("Objective: Load cross-agent knowledge before execution, through the rules for this agent's task types", async () => {
    const { knowledge } = await load({ request: "x", task_type: "write_notice" });
    expect(knowledge.required.map(({ path, reason }) => [path, reason])).toEqual([
      ["guides/wording/short_sentences_20261103.md", "injected by the rule \"task_type == 'write_notice'\""],
      ["guides/tone.md", 'required by the task type "write_notice"'],
    ]);
  });

  test("Without a graph the phase says so and the work goes on", async () => {
    const why =
      "there is no knowledge graph; put a knowledge_graph.json into a knowledge root, or name one as knowledge.graph in the configuration";
    expect(await load({ request: "Add a new route" }, [LIBRARY])).toEqual({
      graph: null,
      task_detection: {
        detected_type: null,
        confidence: 0,
        matched_triggers: [],
        ambiguous: false,
        alternatives: [],
        why,
      },
      knowledge: {
        status: "missing",
        required: [],
        recommended: [],
        skipped_recommended: [],
        already_loaded: [],
        missing_files: [],
        notes: [`No knowledge was loaded: ${why}.`, "The work can go on without it."],
        total_tokens_loaded: 0,
        budget_tokens: 100_000,
      },
    });
  });

  test("The same input gives the same bytes", async () => {
    const asked = { request: "a new HTTP endpoint for the timetable" };
    expect(JSON.stringify(await load(asked))).toEqual(JSON.stringify(await load(asked)));
  });
});

describe("Traps in real knowledge graphs", () => {
  test("1. parallel_orchestration is not in the graph: no error, an explained context", async () => {
    const { task_detection, knowledge } = await load({ request: "x", task_type: "parallel_orchestration" });
    const why =
      'the graph has no task type "parallel_orchestration"; name one as task_type; ' +
      "known: add_endpoint, fix_fault, write_migration, write_notice";
    expect(task_detection.why).toEqual(why);
    expect([knowledge.status, knowledge.notes]).toEqual([
      "missing",
      [`No knowledge was loaded: ${why}.`, "The work can go on without it."],
    ]);
  });

  test("2. paths resolve from several search roots", async () => {
    const asked = { request: "x", task_type: "write_migration" };
    expect((await load(asked, [PROJECT])).knowledge.missing_files).toEqual(["handbook/rollback.md"]);
    expect((await load(asked, [PROJECT, LIBRARY])).knowledge.missing_files).toEqual([]);
  });

  test("3. entries ending in / are directories", async () => {
    const { knowledge } = await load({ request: "x", task_type: "add_endpoint" });
    expect(paths(knowledge.recommended).filter((path) => path.startsWith("guides/examples/"))).toEqual([
      "guides/examples/http/list.md",
      "guides/examples/cancel.md",
    ]);
  });

  test("4. a required file can be missing: partial, with missing_files, never a crash", async () => {
    const { knowledge } = await load({ request: "x", task_type: "fix_fault" });
    expect([knowledge.status, knowledge.missing_files, paths(knowledge.required)]).toEqual([
      "partial",
      ["guides/incidents.md"],
      ["guides/errors.md"],
    ]);
  });

  test("5. auto_inject_rules.inject names things that are not categories", async () => {
    const { knowledge } = await load({ request: "x", task_type: "write_notice" });
    expect(knowledge.notes).toEqual([
      'auto-inject target "HARBOURS" is knowledge shared by all agents that lists no files: "The names of the harbours"',
      'auto-inject target "operations" is a category that lists no files',
      'auto-inject target "house_style.wording.rhymes" names no file of the category "house_style"',
      'auto-inject target "WEATHER" names nothing in the graph; known: HARBOURS, TIDES, house_style, operations',
    ]);
  });

  test('6. agents and consumers are a list or the word "ALL"', async () => {
    const graph: unknown = JSON.parse(readFileSync(GRAPH, "utf8"));
    expect(graph).toMatchObject({
      knowledge_categories: { house_style: { consumers: ["backend_agent", "ALL"] }, operations: { consumers: "ALL" } },
      shared_knowledge: { HARBOURS: { agents: "ALL" }, TIDES: { agents: ["backend_agent"] } },
    });
    expect((await load({ request: "x", task_type: "add_endpoint" })).knowledge.status).toEqual("complete");
  });

  test("7. one trigger in several types is a tie, reported and not settled; a second trigger settles it", async () => {
    const tie = await load({ request: "Correct the timetable" });
    expect(tie.task_detection).toEqual({
      detected_type: null,
      confidence: 0,
      matched_triggers: [],
      ambiguous: true,
      alternatives: [
        { task_type: "fix_fault", confidence: 0.333, matched_triggers: ["timetable"] },
        { task_type: "write_migration", confidence: 0.333, matched_triggers: ["timetable"] },
      ],
      why:
        "fix_fault, write_migration fit equally well (confidence 0.333); name one as task_type; " +
        "known: add_endpoint, fix_fault, write_migration, write_notice",
    });
    const settled = await load({ request: "The timetable has a fault" });
    expect(settled.task_detection.detected_type).toEqual("fix_fault");
  });

  test("8. triggers match whole words, and a long request scores like a short one", async () => {
    const short = await load({ request: "Add an endpoint" });
    const long = await load({ request: `${"We talked about this for a while. ".repeat(500)}Add an endpoint` });
    const within = await load({ request: "List the endpoints, defaults and migrations" });
    expect(long.task_detection).toEqual(short.task_detection);
    expect([short.task_detection.detected_type, within.task_detection.detected_type]).toEqual(["add_endpoint", null]);
  });
});
