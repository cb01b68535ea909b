import { expect, test } from "vitest";
import { graphText } from "../../../src/core/2-dependency/graph-text.ts";
import { graphOf, listOf } from "../sample-plan.ts";

const graph = graphOf(
  listOf([
    { id: "a", description: "A", files: ["a.ts"] },
    { id: "b", description: "B", files: ["a.ts"], depends_on: ["a"] },
  ]),
);

test("Mermaid: solid where a task waits, dashed where two only exclude each other", () => {
  expect(graphText(graph, "mermaid")).toEqual(
    'graph LR\n  t1["a"]\n  t2["b"]\n  t1 -->|declared| t2\n  t1 -.-|scope| t2\n',
  );
});

test("DOT: every edge with its reason", () => {
  expect(graphText(graph, "dot")).toContain('"a" -> "b" [label="declared", tooltip="b declares depends_on a"];');
  expect(graphText(graph, "dot")).toContain("style=dashed, dir=none");
});

test("GraphML: what XML cannot hold is escaped or left out", () => {
  const odd = { ...graph, edges: graph.edges.map((edge) => ({ ...edge, why: `<&"\u0007>` })) };
  expect(graphText(odd, "graphml")).toContain('<data key="why">&lt;&amp;&quot;&gt;</data>');
  expect(graphText(odd, "graphml")).toContain('<node id="a"/>');
});
