/** Starts one benchmark by its name, so that every figure in docs/benchmarks.md has one form of command: `npm run bench -- NAME [ARGUMENTS]`. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const names = readdirSync(new URL(".", import.meta.url))
  .filter((file) => file.endsWith(".mjs") && file !== "run.mjs")
  .map((file) => file.slice(0, -".mjs".length))
  .sort();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  const wrong = name === undefined ? "no benchmark named" : `no benchmark is called "${name}"`;
  process.stderr.write(`${wrong}; there are: ${names.join(", ")}\nusage: npm run bench -- NAME [ARGUMENTS]\n`);
  process.exit(2);
}
const entry = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
const { status } = spawnSync(process.execPath, [entry, ...rest], { stdio: "inherit" });
process.exit(status ?? 1);
