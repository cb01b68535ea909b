/** Processor time and memory of one cold run beside the peers: the same folder, each with the repository's own tsconfig, in turn. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { clone, peers, row, script } from "./ground.mjs";
import { interleaved } from "./measure.mjs";

const ENDINGS = ["ts", "tsx", "js", "jsx", "mjs", "cjs", "mts", "cts"];
const GOALS = { "dependency-cruiser": 7, madge: 15, skott: 25 };

export function cost({ name, folder, rounds }) {
  const repository = clone(name, `cost, ${name}`);
  if (repository === undefined) return;
  const runs = interleaved(commands(repository, folder), rounds);
  const [ours, ...others] = runs;
  const place = `cost, ${name}/${folder}`;
  row(`${place}: Forkjoin`, "", `${ours.cpu_s.toFixed(2)} CPU s, ${Math.round(ours.rss_mb)} MB, ${ours.head.trim()}`);
  for (const { name: peer, cpu_s, rss_mb } of others) {
    const goal = `≥ ${GOALS[peer]}× less CPU${peer === "dependency-cruiser" ? ", ≤ 0.4 of its memory" : ""}`;
    const memory = `${(ours.rss_mb / rss_mb).toFixed(2)} of its ${Math.round(rss_mb)} MB`;
    row(`${place}: ${peer}`, goal, `${cpu_s.toFixed(2)} CPU s = ${(cpu_s / ours.cpu_s).toFixed(1)}×, ${memory}`);
  }
}

function commands(repository, folder) {
  const at = (path) => join(peers(), "node_modules", path);
  const config = existsSync(join(repository, "tsconfig.json")) ? join(repository, "tsconfig.json") : undefined;
  const named = (flag) => (config === undefined ? [] : [`${flag}`, config]);
  const cruiser = ["--no-config", ...named("--ts-config"), "--output-type", "json", folder];
  const madge = ["--json", ...named("--ts-config"), "--extensions", ENDINGS.join(","), folder];
  const skott = ["--displayMode=raw", `--fileExtensions=${ENDINGS.map((one) => `.${one}`).join(",")}`];
  const node = (...args) => [process.execPath, ...args];
  return [
    { name: "Forkjoin", cwd: repository, command: node(script("import-graph.mjs"), repository, `${folder}/`) },
    {
      name: "dependency-cruiser",
      cwd: repository,
      command: node(at("dependency-cruiser/bin/dependency-cruise.mjs"), ...cruiser),
    },
    { name: "madge", cwd: repository, command: node(at("madge/bin/cli.js"), ...madge) },
    {
      name: "skott",
      cwd: join(repository, folder),
      command: node(at("skott/dist/bin/cli.js"), ...skott, ...named("--tsconfig")),
    },
  ];
}
