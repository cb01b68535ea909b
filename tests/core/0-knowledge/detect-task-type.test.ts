import { describe, expect, test } from "vitest";
import { detectTaskType } from "../../../src/core/0-knowledge/detect-task-type.ts";
import { KnowledgeGraph } from "../../../src/core/model/knowledge-graph.ts";

function graphOf(triggers: Record<string, string[]>): KnowledgeGraph {
  const types = Object.entries(triggers).map(([name, words]) => [
    name,
    { triggers: words, primary_agent: `${name}_agent` },
  ]);
  return KnowledgeGraph.parse({ task_types: Object.fromEntries(types) });
}

const FERRY = graphOf({
  route: ["endpoint", "new route", "HTTP"],
  fault: ["crash", "timetable"],
  schema: ["timetable"],
});

describe("detectTaskType", () => {
  test("one trigger is enough when nothing speaks for another type", () => {
    expect(detectTaskType({ request: "It may crash" }, FERRY)).toEqual({
      detected_type: "fault",
      confidence: 0.5,
      matched_triggers: ["crash"],
      ambiguous: false,
      alternatives: [],
      primary_agent: "fault_agent",
      why: 'the request contains "crash"',
    });
  });

  test("a phrase counts as many points as it has words, and the runners-up are listed", () => {
    expect(detectTaskType({ request: "a NEW   route, or an endpoint, that will not crash" }, FERRY)).toEqual({
      detected_type: "route",
      confidence: 0.6,
      matched_triggers: ["endpoint", "new route"],
      ambiguous: false,
      alternatives: [{ task_type: "fault", confidence: 0.2, matched_triggers: ["crash"] }],
      primary_agent: "route_agent",
      why: 'the request contains "endpoint", "new route"',
    });
  });

  test("the request's length does not change the score", () => {
    const short = detectTaskType({ request: "add an endpoint" }, FERRY);
    const long = detectTaskType({ request: `${"some more words ".repeat(5_000)}add an endpoint` }, FERRY);
    expect(long).toEqual(short);
  });

  test("a tie is reported and not settled", () => {
    expect(detectTaskType({ request: "the timetable" }, FERRY)).toEqual({
      detected_type: null,
      confidence: 0,
      matched_triggers: [],
      ambiguous: true,
      alternatives: [
        { task_type: "fault", confidence: 0.333, matched_triggers: ["timetable"] },
        { task_type: "schema", confidence: 0.333, matched_triggers: ["timetable"] },
      ],
      why: "fault, schema fit equally well (confidence 0.333); name one as task_type; known: fault, route, schema",
    });
  });

  test("a type under 0.5 is not chosen, only listed", () => {
    const request = "endpoint over HTTP for a new route; the timetable";
    const narrow = graphOf({
      route: ["endpoint", "HTTP"],
      fault: ["new route"],
      schema: ["timetable"],
      zone: ["route", "endpoint"],
    });
    const clear = graphOf({ route: ["endpoint", "HTTP", "new route"], schema: ["timetable"], fault: ["route", "new"] });
    expect(detectTaskType({ request }, narrow).ambiguous).toEqual(true);
    expect(detectTaskType({ request }, clear)).toEqual({
      detected_type: "route",
      confidence: 0.5,
      matched_triggers: ["HTTP", "endpoint", "new route"],
      ambiguous: false,
      alternatives: [
        { task_type: "fault", confidence: 0.25, matched_triggers: ["new", "route"] },
        { task_type: "schema", confidence: 0.125, matched_triggers: ["timetable"] },
      ],
      primary_agent: "route_agent",
      why: 'the request contains "HTTP", "endpoint", "new route"',
    });
    const blurred = graphOf({ route: ["endpoint", "HTTP"], fault: ["new"], schema: ["timetable"] });
    expect(detectTaskType({ request }, blurred)).toEqual({
      detected_type: null,
      confidence: 0,
      matched_triggers: [],
      ambiguous: false,
      alternatives: [
        { task_type: "route", confidence: 0.4, matched_triggers: ["HTTP", "endpoint"] },
        { task_type: "fault", confidence: 0.2, matched_triggers: ["new"] },
        { task_type: "schema", confidence: 0.2, matched_triggers: ["timetable"] },
      ],
      why: "route fits best, but its confidence 0.4 is under 0.5; name one as task_type; known: fault, route, schema",
    });
  });

  test("an explicit task type wins over every trigger", () => {
    expect(detectTaskType({ request: "a new route", task_type: "schema" }, FERRY)).toEqual({
      detected_type: "schema",
      confidence: 1,
      matched_triggers: [],
      ambiguous: false,
      alternatives: [],
      primary_agent: "schema_agent",
      why: "the caller named this task type",
    });
  });

  test.each(["parallel_orchestration", "constructor", "__proto__", ""])(
    "an unknown explicit type %j is no error",
    (task_type) => {
      expect(detectTaskType({ request: "crash", task_type }, FERRY)).toEqual({
        detected_type: null,
        confidence: 0,
        matched_triggers: [],
        ambiguous: false,
        alternatives: [{ task_type: "fault", confidence: 0.5, matched_triggers: ["crash"] }],
        why: `the graph has no task type ${JSON.stringify(task_type)}; name one as task_type; known: fault, route, schema`,
      });
    },
  );

  test("spellings of one trigger count once, blank triggers never", () => {
    const graph = graphOf({ a: ["Café", "cafe", "CAFE", "", "  "], b: ["bar", "cup"] });
    expect(detectTaskType({ request: "a cafe" }, graph).confidence).toEqual(0.5);
  });

  test("triggers are text, not patterns", () => {
    const graph = graphOf({ a: [".*", "(a+)+$", "[", "\\"] });
    expect(detectTaskType({ request: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }, graph).detected_type).toEqual(
      null,
    );
    expect(detectTaskType({ request: "what does (a+)+$ mean" }, graph).matched_triggers).toEqual(["(a+)+$"]);
  });

  test("a graph without task types says so, and a long list of names is cut", () => {
    expect(detectTaskType({ request: "crash" }, graphOf({})).why).toEqual(
      "no trigger of any task type occurs in the request; the graph lists no task types",
    );
    const many = graphOf(Object.fromEntries(Array.from({ length: 42 }, (_, at) => [`t${at}`, []])));
    expect(detectTaskType({ request: "crash" }, many).why.endsWith("t6, t7 and 2 more")).toEqual(true);
  });
});
