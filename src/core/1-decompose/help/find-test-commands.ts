/** Phase 1.1 — how the repository's tests are run, as its own manifests say; nothing is ever started because of it. */
import type { DecompositionHelp } from "../../model/decomposition-help.ts";
import { ownValue } from "../../model/own-value.ts";

type TestCommand = DecompositionHelp["test_commands"][number];

interface Manifest {
  name: RegExp;
  /** the command, when the file's text bears it out */
  command(text: string, paths: Set<string>): string[] | undefined;
}

/** The package manager whose lock file is there. */
const NODE_RUNNERS: [lock: string, runner: string][] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

const MANIFESTS: Manifest[] = [
  { name: /^package\.json$/, command: nodeTest },
  { name: /^(pytest\.ini|conftest\.py)$/, command: () => ["pytest"] },
  { name: /^pyproject\.toml$/, command: (text) => (/\bpytest\b/.test(text) ? ["pytest"] : undefined) },
  { name: /^tox\.ini$/, command: () => ["tox"] },
  { name: /^go\.mod$/, command: () => ["go", "test", "./..."] },
  { name: /^Cargo\.toml$/, command: () => ["cargo", "test"] },
  { name: /^pom\.xml$/, command: () => ["mvn", "test"] },
  { name: /^build\.gradle(\.kts)?$/, command: () => ["gradle", "test"] },
  { name: /^Makefile$/, command: (text) => (/^test\s*:/m.test(text) ? ["make", "test"] : undefined) },
];

/** One entry per command, from the manifests at the repository's root. */
export async function findTestCommands(
  paths: string[],
  read: (path: string) => Promise<string | undefined>,
): Promise<TestCommand[]> {
  const known = new Set(paths);
  const found = new Map<string, TestCommand>();
  for (const manifest of MANIFESTS) {
    for (const path of paths.filter((one) => manifest.name.test(one))) {
      const command = manifest.command((await read(path)) ?? "", known);
      if (command !== undefined && !found.has(command.join(" "))) {
        found.set(command.join(" "), { command, found_in: path });
      }
    }
  }
  return [...found.values()];
}

/** npm's own placeholder is no test. */
function nodeTest(text: string, paths: Set<string>): string[] | undefined {
  const script = testScript(text);
  if (script === undefined || script.includes("no test specified")) return undefined;
  const runner = NODE_RUNNERS.find(([lock]) => paths.has(lock))?.[1] ?? "npm";
  return runner === "npm" ? ["npm", "test"] : [runner, "run", "test"];
}

function testScript(text: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    const scripts = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, "scripts") : undefined;
    const script = typeof scripts === "object" && scripts !== null ? ownValue({ ...scripts }, "test") : undefined;
    return typeof script === "string" ? script : undefined;
  } catch {
    return undefined;
  }
}
