/** Compiles src to dist from scratch, and makes the two programs executable. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
rmSync(`${root}/dist`, { recursive: true, force: true });
execFileSync(process.execPath, [`${root}/node_modules/typescript/bin/tsc`, "-p", `${root}/tsconfig.json`], {
  stdio: "inherit",
});
for (const program of ["cli.js", "server.js"]) {
  const file = `${root}/dist/${program}`;
  if (existsSync(file)) chmodSync(file, 0o755);
}
