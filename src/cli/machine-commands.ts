/** `doctor`: what a run would miss on this machine. */
import { access, constants, mkdir } from "node:fs/promises";
import {
  bubblewrap,
  configured,
  forkjoinHome,
  hiddenAgents,
  homeProblem,
  locateRepository,
  unheldLimits,
} from "../compose.ts";
import type { Configuration } from "../core/model/configuration.ts";
import { columns, EXIT, print, printJson } from "./output.ts";

interface Finding {
  what: string;
  ok: boolean;
  says: string;
}

/** Findings without which nothing can run. */
const NEEDED = ["repository", "state", "configuration"];

export async function doctorCommand(options: { repo: string; config?: string; json?: boolean }): Promise<number> {
  const findings: Finding[] = [
    await repositoryFinding(options.repo),
    await homeFinding(),
    sandboxFinding(),
    ...(await configurationFindings(options.config)),
  ];
  const needed = findings.filter(({ what }) => NEEDED.includes(what)).every(({ ok }) => ok);
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
    const problem = homeProblem(home);
    if (problem !== undefined) return { what: "state", ok: false, says: `${problem.message}; ${problem.hint}` };
    return { what: "state", ok: true, says: home };
  } catch (error) {
    return { what: "state", ok: false, says: `${home}: ${error instanceof Error ? error.message : error}` };
  }
}

/** Tried out with the flags that agents get. */
function sandboxFinding(): Finding {
  const probe = bubblewrap(forkjoinHome()).probe();
  if (probe.works) {
    const but = probe.unfiltered === undefined ? "" : `; ${probe.unfiltered}`;
    return { what: "sandbox", ok: true, says: `${probe.version}: agents write only where they may${but}` };
  }
  const says = `${probe.why}; boundaries are verified after each attempt, results say so. Cure: ${probe.cure}`;
  return { what: "sandbox", ok: false, says };
}

async function configurationFindings(file: string | undefined): Promise<Finding[]> {
  const configuration = await configured(file);
  if (configuration.ok) return [limitsFinding(configuration.value), ...hiddenFindings(configuration.value)];
  const { message, hint } = configuration.error;
  return [{ what: "configuration", ok: false, says: `${message}; ${hint}` }];
}

function limitsFinding(configuration: Configuration): Finding {
  const { processes, memory_mb } = configuration.limits;
  const unheld = unheldLimits(configuration);
  const texts = unheld.map(({ key, why }) => `limits.${key} (${configuration.limits[key]}) is not held: ${why}`);
  const held = `at most ${processes} processes, ${memory_mb === undefined ? "no limit of memory" : `${memory_mb} MB of memory for each`}`;
  return { what: "limits", ok: texts.length === 0, says: texts.length === 0 ? held : texts.join("; ") };
}

/** Agents whose program is there and cannot be seen inside the sandbox. */
function hiddenFindings(configuration: Configuration): Finding[] {
  return hiddenAgents(configuration).map(({ name, says }) => ({ what: `agent ${name}`, ok: false, says }));
}
