/** Phase 5.3 — a check narrowed to the test files that failed, where its runner's output names them: a search then takes seconds, not minutes. */

export interface FailedCheck {
  command: string[];
  output: string;
  /** what `npm run NAME` stands for, from the tested state's package.json */
  scripts: Record<string, string>;
  /** the module path of the tested state's go.mod */
  goModule: string | undefined;
}

export interface Narrowing {
  /** files, or folders for go, whose tests failed; sorted */
  places: string[];
  command(places: string[]): string[];
}

type Runner = "vitest" | "jest" | "mocha" | "pytest" | "node" | "go";

interface Call {
  runner: Runner;
  /** the command to which places are added */
  open: string[];
}

/** Undefined when the runner is not known, runs chosen tests already, or does not say which failed. */
export function narrowCheck(check: FailedCheck): Narrowing | undefined {
  const call = callOf(check);
  if (call === undefined) return undefined;
  const places = [...new Set(failedPlaces(call.runner, check))].sort();
  if (places.length === 0) return undefined;
  const argument = (place: string): string => (call.runner === "go" ? `./${place}` : place);
  return { places, command: (chosen) => [...call.open, ...chosen.map(argument)] };
}

const MANAGERS: Record<string, string[]> = { npm: ["--"], pnpm: [], yarn: [], bun: [] };

/** The runner behind the command, directly or by a package script that calls nothing else. */
function callOf({ command, scripts }: FailedCheck): Call | undefined {
  const [program = "", ...rest] = command;
  const separator = MANAGERS[baseName(program)];
  if (separator === undefined || rest[0] === "exec") return directCall(command);
  const [name = "", ...more] = rest[0] === "run" ? rest.slice(1) : rest;
  const script = scripts[name];
  if (script === undefined || more.length > 0 || /[&|;<>$`"'()*\\]/.test(script)) return undefined;
  const call = directCall(script.trim().split(/\s+/));
  if (call === undefined || call.runner === "go") return undefined;
  return { runner: call.runner, open: [...command, ...separator] };
}

function directCall(words: string[]): Call | undefined {
  const nodeTest = words.includes("--test");
  const at = words.findIndex((word) => runnerOf(word) !== undefined && (runnerOf(word) !== "node" || nodeTest));
  const runner = runnerOf(words[at] ?? "");
  if (runner === undefined) return undefined;
  const rest = words.slice(at + 1);
  switch (runner) {
    case "go":
      return rest[0] === "test" ? goCall(words) : undefined;
    case "node":
      return rest.every(isFlag) ? { runner, open: words } : undefined;
    case "vitest":
      return rest.every((word) => isFlag(word) || word === "run") ? { runner, open: words } : undefined;
    default:
      return rest.every(isFlag) ? { runner, open: words } : undefined;
  }
}

function goCall(words: string[]): Call | undefined {
  const open = words.filter((word) => word !== "./...");
  return open.slice(open.indexOf("test") + 1).every(isFlag) ? { runner: "go", open } : undefined;
}

const PROGRAMS: Record<string, Runner> = { "py.test": "pytest", "vitest.mjs": "vitest", "jest.js": "jest" };
const RUNNERS: Runner[] = ["vitest", "jest", "mocha", "pytest", "node", "go"];

/** `node` stands before other runners' files too: by itself it is a runner only with `--test`. */
function runnerOf(word: string): Runner | undefined {
  const name = baseName(word);
  return PROGRAMS[name] ?? RUNNERS.find((runner) => runner === name);
}

function baseName(word: string): string {
  return word.split(/[/\\]/).at(-1) ?? "";
}

function isFlag(word: string): boolean {
  return word.startsWith("-");
}

const SCRIPT = String.raw`[^\s>():'"]+\.[cm]?[jt]sx?`;
const PATTERNS: Record<Exclude<Runner, "go">, RegExp[]> = {
  vitest: [new RegExp(String.raw`^\s*(?:FAIL|❯)\s+(?:\|[^|]*\|\s+)?(${SCRIPT})`, "gm")],
  jest: [new RegExp(String.raw`^\s*FAIL\s+(?:\S+\s+)?(${SCRIPT})`, "gm")],
  mocha: [new RegExp(String.raw`\((?:file://)?(${SCRIPT}):\d+:\d+\)`, "g")],
  node: [new RegExp(String.raw`(?:test at |location: ')(${SCRIPT}):\d+:\d+`, "g")],
  pytest: [/^(?:FAILED|ERROR) ([^\s:]+\.py)/gm],
};

function failedPlaces(runner: Runner, { output, goModule }: FailedCheck): string[] {
  if (runner === "go") return goModule === undefined ? [] : failedPackages(output, goModule);
  const found = PATTERNS[runner].flatMap((pattern) => [...output.matchAll(pattern)].map((match) => match[1] ?? ""));
  const own = found.filter((path) => !path.startsWith("/") && !path.includes("node_modules/") && !path.includes(".."));
  return runner === "mocha" ? own.filter((path) => /test|spec/i.test(path)) : own;
}

function failedPackages(output: string, module: string): string[] {
  const packages = [...output.matchAll(/^FAIL\t(\S+)/gm)].map((match) => match[1] ?? "");
  return packages.flatMap((name) => {
    if (name === module) return ["."];
    return name.startsWith(`${module}/`) ? [name.slice(module.length + 1)] : [];
  });
}
