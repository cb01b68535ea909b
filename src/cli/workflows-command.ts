/** `workflows`: what --workflow can name, and what each phase of one may do. */
import type { Workflow } from "../core/model/workflow.ts";
import { columns, EXIT, plain, print, printJson } from "./output.ts";
import { expect, withCore } from "./session.ts";

export async function workflowsCommand(name: string | undefined, options: { json?: boolean }): Promise<number> {
  return withCore({ read_only: true }, async ({ orchestrator }) => {
    const { workflows } = orchestrator.sources;
    if (name !== undefined) {
      const workflow = expect(await workflows.find(name));
      if (options.json) printJson(workflow);
      else print(plain(shown(workflow)));
      return EXIT.success;
    }
    const known = await workflows.list();
    if (options.json) printJson({ workflows: known.map(({ workflow, file }) => ({ ...workflow, file })) });
    else print(plain(columns(known.map(({ workflow }) => [workflow.id, workflow.name, workflow.description]))));
    return EXIT.success;
  });
}

function shown({ id, description, failure_handling, sync_point, phases }: Workflow): string {
  const rows = phases.map((phase) => [phase.id, phase.access, phase.outputs.join(", "), phase.checks ?? ""]);
  const meets = sync_point === undefined ? "" : `, all instances meet ${sync_point}`;
  return [`${id}: ${description}`, `when an instance fails: ${failure_handling}${meets}`, "", columns(rows)].join("\n");
}
