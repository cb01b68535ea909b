/** Recipe: the inputs that decide which packages a setup installs. Workspaces of the same recipe get the same `node_modules`. Phase 4.2, lanes. */
import { createHash } from "node:crypto";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { parseScope, scopeContains } from "../../core/boundary/scope.ts";
import type { SetupRequest } from "../../core/ports/setup.ts";

/** Changes whenever templates of an earlier version must not be used any more. */
const VERSION = 1;
const LOCKS = new Set(["package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock"]);
const MANIFEST = "package.json";
const DECIDING = new Set([
  ...LOCKS,
  MANIFEST,
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  "pnpm-workspace.yaml",
]);
/** Package managers and the commands that install what the lock file says. */
const INSTALLS = new Map([
  ["npm", ["ci", "clean-install", "install", "i"]],
  ["pnpm", ["install", "i"]],
  ["yarn", ["install", ""]],
]);
/** Scripts of a package of the repository itself that run when it is installed: they may read any of its files. */
const LIFECYCLE = ["preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare"];

/**
 * A digest of everything the result of the setup depends on, or undefined where it cannot be shared: commands that do more than install, no
 * lock file, packages that git tracks, a task that may change the lock file, or Windows, where this was never tried. Where more than a plain installation happens, it is good for this very tree only.
 */
export async function recipeOf(request: SetupRequest, held: boolean): Promise<string | undefined> {
  const { commands, copied, files, scope, share, workspace } = request;
  const paths = [...files.keys()];
  const isTracked = paths.some((path) => path.split("/").slice(0, -1).includes("node_modules"));
  const isLocked = paths.some((path) => LOCKS.has(posix.basename(path)));
  if (!share || process.platform === "win32" || isTracked || !isLocked || mayChange(scope, paths)) return undefined;
  if (!commands.every(isInstall)) return undefined;
  const isPlain = !(await doesMore(workspace.directory, paths));
  const inputs = isPlain ? paths.filter((path) => DECIDING.has(posix.basename(path))) : paths;
  const { platform, arch, version, env } = process;
  const facts = {
    VERSION,
    held,
    platform,
    arch,
    version,
    path: env.PATH,
    commands,
    copied: await contentsOf(workspace.directory, copied),
    tree: inputs.map((path) => [path, files.get(path)?.mode, files.get(path)?.blob]),
  };
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32);
}

/** The folders packages are installed into: beside every manifest of the repository, the root's first, then sorted. */
export function moduleFolders(files: Map<string, unknown>): string[] {
  const manifests = [...files.keys()].filter((path) => posix.basename(path) === MANIFEST);
  const folders = manifests.map((path) => posix.join(posix.dirname(path), "node_modules"));
  return [...new Set(["node_modules", ...folders.sort()])];
}

/** A lock file in scope, or a manifest by its name: such a task is there to install something else. */
function mayChange(scope: string[], paths: string[]): boolean {
  const locks = paths.filter((path) => LOCKS.has(posix.basename(path)));
  return scope.map(parseScope).some((one) => {
    if (locks.some((path) => scopeContains(one, path))) return true;
    return one.kind === "file" && DECIDING.has(posix.basename(one.path));
  });
}

/** With options at most: a further word may be a package, or another folder. */
function isInstall([program = "", verb = "", ...rest]: string[]): boolean {
  const name = posix.basename(program.replaceAll("\\", "/")).replace(/\.(cmd|exe)$/i, "");
  return INSTALLS.get(name)?.includes(verb) === true && rest.every((part) => part.startsWith("-"));
}

/** Scripts of its own, or packages copied out of the repository. */
async function doesMore(directory: string, paths: string[]): Promise<boolean> {
  for (const path of paths.filter((path) => posix.basename(path) === MANIFEST)) {
    const text = await readFile(join(directory, path), "utf8").catch(() => undefined);
    if (text === undefined || /:\s*"(file|portal):/.test(text)) return true;
    if (LIFECYCLE.some((script) => text.includes(`"${script}"`))) return true;
  }
  return false;
}

/** Digests of what lies at `paths` and below, by path. */
async function contentsOf(directory: string, paths: string[]): Promise<[string, string][]> {
  const found: [string, string][] = [];
  const pending = [...paths].sort();
  for (let path = pending.shift(); path !== undefined; path = pending.shift()) {
    const place = join(directory, path);
    const stats = await lstat(place).catch(() => undefined);
    if (stats?.isDirectory())
      pending.push(...(await readdir(place)).sort().map((name) => posix.join(path ?? "", name)));
    if (stats?.isFile())
      found.push([
        path,
        createHash("sha256")
          .update(await readFile(place))
          .digest("hex"),
      ]);
  }
  return found;
}
