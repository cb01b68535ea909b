/**
 * Compiles src to build, module by module, and gathers those modules into the two programs of dist, which start in two thirds of the time
 * (docs/decisions/009-bundled-programs.md). Dependencies stay dependencies.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const PROGRAMS = ["cli", "server"];

for (const folder of ["build", "dist"]) rmSync(`${root}/${folder}`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/tsconfig.json`], {
  stdio: "inherit",
});
const bundle = await rolldown({
  input: Object.fromEntries(PROGRAMS.map((name) => [name, `${root}/build/${name}.js`])),
  platform: "node",
  external: /^[^./]/,
});
await bundle.write({ dir: `${root}/dist`, format: "esm", chunkFileNames: "forkjoin-[hash].js" });
await bundle.close();
for (const name of PROGRAMS) chmodSync(`${root}/dist/${name}.js`, 0o755);
