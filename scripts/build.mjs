/**
 * Compiles src to build, module by module, and gathers those modules and their JavaScript dependencies into the two programs of dist,
 * which start in half of the time (docs/decisions/009-bundled-programs.md). What is native or WASM stays a dependency.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const PROGRAMS = { cli: "entry", server: "server" };
/** native, WASM, or found by its path at run time */
const OUTSIDE = /^(libsql|oxc-parser|web-tree-sitter|@vscode\/tree-sitter-wasm)(\/|$)/;

for (const folder of ["build", "dist"]) rmSync(`${root}/${folder}`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/tsconfig.json`], {
  stdio: "inherit",
});
const bundle = await rolldown({
  input: Object.fromEntries(Object.entries(PROGRAMS).map(([name, file]) => [name, `${root}/build/${file}.js`])),
  platform: "node",
  external: OUTSIDE,
  // What some packages offer as `main` hides its own requires from a bundler.
  resolve: { mainFields: ["module", "main"] },
});
const { output } = await bundle.write({ dir: `${root}/dist`, format: "esm", chunkFileNames: "forkjoin-[hash].js" });
await bundle.close();
for (const name of Object.keys(PROGRAMS)) chmodSync(`${root}/dist/${name}.js`, 0o755);
writeFileSync(`${root}/dist/LICENSES.txt`, licences(output.flatMap((chunk) => chunk.moduleIds ?? [])));

/** The licences of the packages that the modules come from, sorted by name. */
function licences(modules) {
  const folders = modules.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      const text = file === undefined ? "" : `\n\n${readFileSync(`${folder}/${file}`, "utf8").trim()}`;
      return `${name} ${version} (${license})${text}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
