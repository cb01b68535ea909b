/** Workflows as YAML files: those that come with Forkjoin, and the operator's in `$XDG_CONFIG_HOME/forkjoin/workflows`, which win. */
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Failure, failure } from "../../core/model/failure.ts";
import { err, ok } from "../../core/model/result.ts";
import type { Workflow } from "../../core/model/workflow.ts";
import type { KnownWorkflow, WorkflowSource } from "../../core/ports/workflow-source.ts";
import { isFileOf, readWorkflowFile } from "./read-workflow-file.ts";

export function operatorWorkflows(): string {
  return join(process.env.XDG_CONFIG_HOME || join(homedir(), ".config"), "forkjoin", "workflows");
}

/** Later folders win over earlier ones. */
export function folderWorkflowSource(folders: string[]): WorkflowSource {
  return {
    async list() {
      return (await readAll(folders)).known;
    },
    async find(name) {
      const { known, broken } = await readAll(folders);
      const mistaken = broken.findLast(({ file }) => isFileOf(file, name));
      if (mistaken !== undefined) return err(mistaken.error);
      const found = known.find(({ workflow }) => isNamed(workflow, name));
      if (found !== undefined) return ok(found.workflow);
      const ids = known.map(({ workflow }) => `${workflow.id} (${workflow.name})`).join(", ");
      const unread = broken.map(({ error }) => `. Not readable: ${error.message}`).join("");
      return err(
        failure("unknown_workflow", `workflow ${JSON.stringify(name)} is not known${unread}`, `known: ${ids}`),
      );
    },
  };
}

/** `201`, `201_ADW_FEATURE_DEVELOPMENT`, `feature_development`, in either case. */
function isNamed({ id, name }: Workflow, wanted: string): boolean {
  const text = wanted.trim().toLowerCase();
  return text === id.toLowerCase() || text === name || text === id.split("_")[0];
}

interface ReadWorkflows {
  /** sorted by id */
  known: KnownWorkflow[];
  broken: { file: string; error: Failure }[];
}

async function readAll(folders: string[]): Promise<ReadWorkflows> {
  const known = new Map<string, KnownWorkflow>();
  const broken: ReadWorkflows["broken"] = [];
  for (const folder of folders) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((entry) => /\.ya?ml$/.test(entry)).sort()) {
      const file = join(folder, name);
      const read = await readWorkflowFile(file);
      if (read.ok) known.set(read.value.id, { workflow: read.value, file });
      else broken.push({ file, error: read.error });
    }
  }
  const sorted = [...known.values()].sort((a, b) => (a.workflow.id < b.workflow.id ? -1 : 1));
  return { known: sorted, broken };
}
