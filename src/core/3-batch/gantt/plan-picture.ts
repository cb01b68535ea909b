/** A plan as a picture, in the formats that pages (SVG) and chats (Mermaid) show. */
import type { DependencyGraph } from "../../model/dependency-graph.ts";
import type { ExecutionPlan } from "../../model/execution-plan.ts";
import type { PictureFormat } from "../../model/picture-format.ts";
import { planShape } from "../../model/plan-shape.ts";
import { chartOf } from "./chart.ts";
import { ganttMermaid } from "./gantt-mermaid.ts";
import { ganttSvg } from "./gantt-svg.ts";

export function planPicture(plan: ExecutionPlan, graph: DependencyGraph, format: PictureFormat): string {
  const chart = chartOf(plan, graph);
  if (format === "mermaid") return ganttMermaid(chart);
  const title = `${plan.schedule.length} tasks, ${planShape(plan)}, ${plan.estimated_parallel_time} instead of ${plan.estimated_sequential_time}`;
  return ganttSvg(chart, title);
}
