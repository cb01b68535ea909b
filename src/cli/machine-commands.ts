/** `doctor`: what a run would miss on this machine. */
import { access, constants, mkdir } from "node:fs/promises";
import { bubblewrap, forkjoinHome, locateRepository } from "../compose.ts";
import { columns, EXIT, print, printJson } from "./output.ts";

interface Finding {
  what: string;
  ok: boolean;
  says: string;
}

export async function doctorCommand(options: { repo: string; json?: boolean }): Promise<number> {
  const findings: Finding[] = [await repositoryFinding(options.repo), await homeFinding(), sandboxFinding()];
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

/** Tried out with the flags that agents get. */
function sandboxFinding(): Finding {
  const probe = bubblewrap(forkjoinHome()).probe();
  if (probe.works) return { what: "sandbox", ok: true, says: `${probe.version}: agents write only where they may` };
  const says = `${probe.why}; boundaries are verified after each attempt, results say so. Cure: ${probe.cure}`;
  return { what: "sandbox", ok: false, says };
}
