/** Instances under names that fit into task ids and branches: from the branch, the issue or the words of what they are about. */
import type { Issue } from "../model/issue.ts";
import { type InstanceInput, MAX_INSTANCE_ID, type WorkflowInstance } from "../model/orchestration.ts";
import type { Workflow } from "../model/workflow.ts";
import { oneLine } from "./task-text.ts";

/** Input of one instance, with the issue it began with, if it did. */
export interface Asked {
  input: Omit<InstanceInput, "issue">;
  issue?: Issue | undefined;
}

/** In the workflow's order; ids are unique. */
export function nameInstances(asked: Asked[], { order, defaults }: Workflow): WorkflowInstance[] {
  const numbers = new Intl.Collator("en", { numeric: true });
  const sorted = order === "alphabetical" ? asked.toSorted((a, b) => numbers.compare(textOf(a), textOf(b))) : asked;
  const taken = new Set<string>();
  return sorted.map((one) => {
    const id = unique(one.input.id ?? slug(one), taken);
    taken.add(id);
    const { branch, target } = one.input;
    const registry = one.input.registry ?? defaults.registry;
    const { issue } = one;
    return {
      id,
      title: oneLine(issue?.title ?? textOf(one)),
      request: issue === undefined ? textOf(one) : `${issue.title}\n\n${issue.body}`,
      ...(issue === undefined ? {} : { issue: issueOf(issue) }),
      ...(branch === undefined ? {} : { branch }),
      ...(target === undefined ? {} : { target }),
      ...(target === undefined || registry === undefined ? {} : { registry }),
    };
  });
}

function issueOf({ ref, number, url }: Issue): NonNullable<WorkflowInstance["issue"]> {
  return { ref, ...(number === undefined ? {} : { number }), ...(url === undefined ? {} : { url }) };
}

function textOf({ input, issue }: Asked): string {
  return input.feature ?? input.bug ?? input.target ?? issue?.title ?? "";
}

function slug({ input, issue }: Asked): string {
  const named = input.branch?.split("/").at(-1);
  const numbered = issue === undefined ? undefined : `issue-${issue.number ?? issue.ref.replace(/\.\w+$/, "")}`;
  const text = named ?? numbered ?? textOf({ input, issue });
  const plain = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain.slice(0, MAX_INSTANCE_ID - 3).replace(/-+$/, "") || "instance";
}

function unique(id: string, taken: ReadonlySet<string>): string {
  for (let number = 2, name = id; ; number++) {
    if (!taken.has(name)) return name;
    name = `${id}-${number}`;
  }
}
