/** Values for a prompt's argument that go on from what was typed: sync points, documentation folders, repositories. */
import { prompts } from "./prompts.ts";
import type { ServerParts } from "./server-parts.ts";

const MAX_VALUES = 100;
const DOCUMENT = /\.(md|mdx|rst|adoc)$/i;

export async function completePrompt(
  name: string,
  argument: { name: string; value: string },
  { parts, given }: { parts: ServerParts; given: Record<string, string> },
): Promise<string[]> {
  const workflow = prompts.find((prompt) => prompt.name === name)?.workflow;
  switch (argument.name) {
    case "sync_point":
      return beginning(await syncPoints(workflow, parts), argument.value);
    case "repo":
      return beginning(repositories(parts), argument.value);
    case "registry":
      return beginning(await documents(parts, given.repo), argument.value);
    case "targets":
      return afterComma(await targets(parts, given.repo), argument.value);
    default:
      return [];
  }
}

function beginning(values: string[], typed: string): string[] {
  return values.filter((value) => value.startsWith(typed)).slice(0, MAX_VALUES);
}

/** Only the last of several is being typed. */
function afterComma(values: string[], typed: string): string[] {
  const last = typed.lastIndexOf(",") + 1;
  return beginning(values, typed.slice(last).trim()).map((value) => `${typed.slice(0, last)}${value}`);
}

async function syncPoints(name: string | undefined, { orchestrator }: ServerParts): Promise<string[]> {
  const workflow = await orchestrator.sources.workflows.find(name ?? "");
  if (!workflow.ok) return [];
  return [...workflow.value.phases.map(({ id }) => `after_${id.split("_").slice(0, 2).join("_")}`), "none"];
}

function repositories({ orchestrator, defaultRepository }: ServerParts): string[] {
  const recent = orchestrator.runs(MAX_VALUES).map(({ run }) => run.repository);
  return [...new Set([defaultRepository, ...recent])];
}

async function documents({ orchestrator, defaultRepository }: ServerParts, repo?: string): Promise<string[]> {
  const paths = await orchestrator.sources.paths(repo ?? defaultRepository);
  return paths.ok ? paths.value.filter((path) => DOCUMENT.test(path)) : [];
}

/** Folders that hold documents, then the documents themselves. */
async function targets(parts: ServerParts, repo?: string): Promise<string[]> {
  const files = await documents(parts, repo);
  const folders = files.flatMap((path) => (path.includes("/") ? [`${path.slice(0, path.lastIndexOf("/"))}/**`] : []));
  return [...new Set([...folders.sort(), ...files])];
}
