/** `agents` and `doctor`: what this machine offers, and what a run would miss on it. */
import { access, constants, mkdir } from "node:fs/promises";
import { locateRepository } from "../adapters/git/repository-location.ts";
import { findProgram } from "../adapters/process/find-program.ts";
import { forkjoinHome } from "../compose.ts";
import { columns, EXIT, print, printJson } from "./output.ts";
import { withCore } from "./session.ts";

export async function agentsCommand(options: { config?: string; json?: boolean }): Promise<number> {
  return withCore({ config: options.config }, async ({ orchestrator }) => {
    const { configuration, executor } = orchestrator.ports;
    const agents = await Promise.all(
      Object.entries(configuration.agents).map(async ([name, agent]) => {
        const checked = await executor.check(name, agent);
        const what = agent.preset === undefined ? (agent.command?.join(" ") ?? "") : `preset ${agent.preset}`;
        return { name, what, available: checked.ok, is_default: name === configuration.default_agent };
      }),
    );
    const words = (agent: (typeof agents)[number]): string =>
      `${agent.available ? "available" : "cannot start"}${agent.is_default ? ", default" : ""}`;
    if (options.json) printJson({ agents });
    else if (agents.length === 0) print("no agent is configured, and neither claude, codex nor gemini is on PATH");
    else print(columns(agents.map((agent) => [agent.name, words(agent), agent.what.slice(0, 80)])));
    return EXIT.success;
  });
}

interface Finding {
  what: string;
  ok: boolean;
  says: string;
}

export async function doctorCommand(options: { repo: string; json?: boolean }): Promise<number> {
  const findings: Finding[] = [await repositoryFinding(options.repo), await homeFinding(), await sandboxFinding()];
  const needed = findings.filter((finding) => finding.what !== "sandbox").every((finding) => finding.ok);
  if (options.json) printJson({ findings });
  else print(columns(findings.map((finding) => [finding.ok ? "✔" : "✘", finding.what, finding.says])));
  return needed ? EXIT.success : EXIT.incomplete;
}

async function repositoryFinding(repo: string): Promise<Finding> {
  const located = await locateRepository(repo);
  if (!located.ok) return { what: "repository", ok: false, says: `${located.error.message}; ${located.error.hint}` };
  return { what: "repository", ok: true, says: located.value.root };
}

async function homeFinding(): Promise<Finding> {
  const home = forkjoinHome();
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await access(home, constants.W_OK);
    return { what: "state", ok: true, says: home };
  } catch (error) {
    return { what: "state", ok: false, says: `${home}: ${error instanceof Error ? error.message : error}` };
  }
}

async function sandboxFinding(): Promise<Finding> {
  const bubblewrap = await findProgram("bwrap");
  const says = "boundaries are verified after each attempt; a sandbox at write time is not part of this version";
  return { what: "sandbox", ok: bubblewrap !== undefined, says };
}
