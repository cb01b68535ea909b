/** What every section of the dependency benchmark stands on: the clones, the peers and the table of figures. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PEERS = {
  typescript: "5.9.3",
  "dependency-cruiser": "17.4.3",
  madge: "8.0.0",
  skott: "0.35.12",
};
const { FORKJOIN_BENCH_REPOS: repositories = "" } = process.env;
const peerFolder = process.env.FORKJOIN_BENCH_PEERS ?? join(tmpdir(), "forkjoin-bench-peers");
const rows = [];

export function row(what, goal, reached) {
  rows.push({ what, goal, reached });
  process.stderr.write(`${what}: ${reached}${goal === "" ? "" : ` (goal ${goal})`}\n`);
}

export function table() {
  const lines = rows.map(({ what, goal, reached }) => `| ${what} | ${goal} | ${reached} |`);
  return ["| what | goal | reached |", "| --- | --- | --- |", ...lines].join("\n");
}

/** Undefined, and said, when the clone is not there. */
export function clone(name, what) {
  const folder = join(repositories, name);
  if (repositories !== "" && existsSync(folder)) return folder;
  row(what, "", `skipped: no clone ${name} in $FORKJOIN_BENCH_REPOS`);
  return undefined;
}

/** The folder with the peers; they are no dependencies of this package, so it is made when it is not there. */
export function peers() {
  const wanted = Object.entries(PEERS).map(([name, version]) => `${name}@${version}`);
  if (Object.keys(PEERS).every((name) => existsSync(join(peerFolder, "node_modules", name)))) return peerFolder;
  process.stderr.write(`installing ${wanted.join(", ")} into ${peerFolder}\n`);
  mkdirSync(peerFolder, { recursive: true });
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", "--prefix", peerFolder];
  execFileSync("npm", ["install", ...flags, ...wanted], { stdio: ["ignore", "ignore", "inherit"] });
  return peerFolder;
}

export const script = (name) => fileURLToPath(new URL(name, import.meta.url));
export const share = (value) => value.toFixed(4);

export function json(program, args) {
  const options = { maxBuffer: 1 << 29, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
  return JSON.parse(execFileSync(program, args, options));
}
