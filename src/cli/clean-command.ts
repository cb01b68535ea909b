/** `clean`: ends and removes what dead processes left on this machine, and packages that are not used; work that was not accepted is kept, what nobody knows is named. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { forgetTemplates, forkjoinHome } from "../compose.ts";
import { EXIT, print, printJson } from "./output.ts";
import { type Core, withCore } from "./session.ts";

interface Cleaned {
  /** runs whose process had died */
  reaped: Core["reaped"];
  /** runs whose leftover folders were removed */
  removed: string[];
  /** folders of installed packages that no workspace was given for a week */
  packages: string[];
  /** folders that belong to no run of the store: left alone, there may be work in them */
  unknown: string[];
}

export async function cleanCommand(options: { config?: string; json?: boolean }): Promise<number> {
  return withCore({ config: options.config }, async (core) => {
    const cleaned = await clean(core);
    if (options.json) printJson(cleaned);
    else print(asText(cleaned));
    return EXIT.success;
  });
}

async function clean({ orchestrator, reaped }: Core): Promise<Cleaned> {
  const home = forkjoinHome();
  const packages = await forgetTemplates(home, Date.now());
  const cleaned: Cleaned = { reaped, removed: [], packages, unknown: [] };
  const folders = new Set([...namesIn(join(home, "workspaces")), ...namesIn(join(home, "desks"))]);
  for (const run_id of [...folders].sort()) {
    const left = await orchestrator.requests.removeLeftovers(run_id);
    if (left === "unknown") cleaned.unknown.push(join(home, "workspaces", run_id));
    if (left === "removed") cleaned.removed.push(run_id);
  }
  return cleaned;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

function asText({ reaped, removed, packages, unknown }: Cleaned): string {
  const lines = [
    ...reaped.map(({ run_id, tasks }) => {
      const lost = tasks.length === 0 ? "nothing was running" : `it was running ${tasks.join(", ")}`;
      return `run ${run_id}: its process had died, ${lost}; \`forkjoin resume ${run_id}\` goes on`;
    }),
    ...removed.map((run_id) => `run ${run_id}: leftover folders removed`),
    ...packages.map((folder) => `${folder}: installed packages that nobody used for a week, removed`),
    ...unknown.map((folder) => `${folder}: of no run that is known here, left alone`),
  ];
  return lines.length === 0 ? "nothing to clean" : lines.join("\n");
}
