/** The sandbox port over bubblewrap: mounts and namespaces around one process, which ends with its parent. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Enclosure, Sandbox, SandboxProbe } from "../../core/ports/sandbox.ts";
import { NOTHING_INSTALLED } from "../../core/ports/workspace.ts";
import { diskSockets } from "./disk-sockets.ts";
import { mountPlan } from "./mount-plan.ts";
import { hiddenBy, visiblePaths } from "./visible-paths.ts";

const PROGRAM = "bwrap";
const PROBE_TIMEOUT_MS = 20_000;

/**
 * As root, bubblewrap keeps every capability unless told otherwise, and with them a process can mount its way out: `--cap-drop ALL`
 * is what makes it a wall. `--die-with-parent` ends everything inside when Forkjoin is killed.
 */
const NAMESPACES = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL"];

/** `home` is Forkjoin's own folder: hidden as a whole but for the workspace. */
export function bubblewrap(home: string): Sandbox {
  const remembered: { probe?: SandboxProbe } = {};
  const enclose = (enclosure: Enclosure): string[] => [PROGRAM, ...flagsFor(enclosure, home), ...enclosure.command];
  return {
    enclose,
    probe() {
      remembered.probe ??= tryOut(home, enclose);
      return remembered.probe;
    },
  };
}

/** Later mounts lie over earlier ones: the order is the rule. */
function flagsFor(enclosure: Enclosure, home: string): string[] {
  const { directory, folder, network, boundary } = enclosure;
  const temporary = join(folder, "tmp");
  const hidden = hiddenFolders();
  const shown = [
    ...visiblePaths(enclosure.command, hidden).map((path) => ({ how: "--ro-bind", path })),
    ...enclosure.granted.filter((path) => isGrantable(path, home)).map((path) => ({ how: "--bind", path })),
  ];
  const isAbove = ({ path }: Shown): boolean => hidden.some((place) => place.startsWith(`${path}/`));
  const closed = boundary === undefined ? [] : mountPlan(directory, boundary).map((path) => join(directory, path));
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...(existsSync("/run") ? ["--tmpfs", "/run", ...resolver()] : []),
    ...["/tmp", "/var/tmp"].filter(existsSync).flatMap((place) => ["--bind", temporary, place]),
    ...shown.filter(isAbove).flatMap(mount),
    ...hidden.flatMap((place) => (place === "/tmp" ? [] : ["--tmpfs", place])),
    ...shown.filter((one) => !isAbove(one)).flatMap(mount),
    ...bind("--ro-bind", enclosure.guarded.filter(existsSync)),
    ...bind("--ro-bind", enclosure.borrowed.filter(existsSync)),
    ...["--tmpfs", home, "--bind", folder, folder],
    ...bind("--ro-bind", closed),
    ...packages(enclosure),
    ...coveredSockets({ hidden: [...hidden, "/run", "/var/tmp"], shown: shown.map(({ path }) => path), home }),
    ...NAMESPACES,
    ...(network ? ["--share-net"] : []),
    ...["--chdir", directory, "--"],
  ];
}

interface Shown {
  how: string;
  path: string;
}

function mount({ how, path }: Shown): string[] {
  return [how, path, path];
}

function bind(how: string, paths: string[]): string[] {
  return paths.flatMap((path) => mount({ how, path }));
}

/** Packages of this workspace alone can be installed anew; what others have, too, is read-only but for its caches. */
function packages({ boundary, installed: { folders, shared, caches } }: Enclosure): string[] {
  if (boundary === undefined && !shared) return [];
  const present = folders.filter(isPlainFolder);
  return shared
    ? [...bind("--ro-bind", present), ...bind("--bind", caches.filter(isPlainFolder))]
    : bind("--bind", present);
}

/** A folder reached through no link: what an attempt put into its place leads nowhere. */
function isPlainFolder(path: string): boolean {
  return existsSync(path) && realpathSync(path) === path && statSync(path).isDirectory();
}

/** Homes of the user, as the environment and as the system know them, and /tmp. */
function hiddenFolders(): string[] {
  const homes = [homedir(), userInfo().homedir, "/tmp"].filter((folder) => isAbsolute(folder) && folder !== "/");
  const real = homes.filter(existsSync).map((folder) => realpathSync(folder));
  return [...new Set(real)].sort();
}

/** The folder of a variable is granted unless it is a whole home, the whole disk or Forkjoin's own. */
function isGrantable(path: string, home: string): boolean {
  if (!isAbsolute(path) || !existsSync(path)) return false;
  const real = realpathSync(path);
  if (real === "/" || real === home || real.startsWith(`${home}/`)) return false;
  return !hiddenFolders().includes(real);
}

/** Name resolution lives in /run on many systems, and /run is hidden for the sockets in it. */
function resolver(): string[] {
  const file = "/etc/resolv.conf";
  if (!existsSync(file)) return [];
  const real = realpathSync(file);
  return hiddenBy(real, ["/run"]) === undefined ? [] : ["--ro-bind", real, real];
}

/** Those that can be seen: not in a hidden place, or in a part of it that is shown. */
function coveredSockets({ hidden, shown, home }: { hidden: string[]; shown: string[]; home: string }): string[] {
  const isSeen = (path: string): boolean => {
    if (path.startsWith(`${home}/`) || path.startsWith("/var/run/")) return false;
    return hiddenBy(path, hidden) === undefined || hiddenBy(path, shown) !== undefined;
  };
  return diskSockets()
    .filter(isSeen)
    .flatMap((path) => ["--ro-bind", "/dev/null", path]);
}

const NO_PROGRAM = "install bubblewrap (apt-get install bubblewrap, dnf install bubblewrap)";
const NO_NAMESPACES = "allow user namespaces for bwrap (on Ubuntu 24.04: its AppArmor profile bwrap-userns-restrict)";

/** What a probe does inside: writes where it may, and fails to where it may not; what it writes into Forkjoin's folder must not arrive. */
const PROBE =
  'echo x > inside; echo x > "$1"; ! { echo x > fixed; } 2>/dev/null && ! { echo x > /etc/forkjoin-probe; } 2>/dev/null';

function tryOut(home: string, enclose: Sandbox["enclose"]): SandboxProbe {
  if (process.platform !== "linux") {
    return {
      works: false,
      why: `bubblewrap is for Linux, this is ${process.platform}`,
      cure: "use Linux, or set `sandbox: off`",
    };
  }
  const version = spawnSync(PROGRAM, ["--version"], { encoding: "utf8", timeout: PROBE_TIMEOUT_MS });
  if (version.status !== 0) return { works: false, why: "bwrap was not found on PATH", cure: NO_PROGRAM };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(home, "probe-"));
  try {
    const tried = probeIn(folder, { home, enclose });
    if (tried === undefined) return { works: true, version: version.stdout.trim() };
    return { works: false, why: tried, cure: NO_NAMESPACES };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Why it does not work, or undefined. */
function probeIn(folder: string, { home, enclose }: { home: string; enclose: Sandbox["enclose"] }): string | undefined {
  const directory = join(folder, "tree");
  for (const name of ["tree", "tmp", "home"]) mkdirSync(join(folder, name));
  writeFileSync(join(directory, "fixed"), "");
  const outside = join(home, `escaped-${process.pid}`);
  const [program = "", ...args] = enclose({
    ...{ command: ["sh", "-c", PROBE, "probe", outside], directory, folder, network: false },
    boundary: { task_boundary: "probe", access: "write", scope: ["inside"] },
    ...{ borrowed: [], granted: [], guarded: [], installed: NOTHING_INSTALLED },
  });
  const tried = spawnSync(program, args, { encoding: "utf8", timeout: PROBE_TIMEOUT_MS });
  if (tried.status !== 0)
    return `bwrap does not work here: ${tried.stderr.trim().split("\n").at(-1) || "no reason given"}`;
  const wrote = statSync(join(directory, "inside"), { throwIfNoEntry: false })?.size === 2;
  return wrote && !existsSync(outside) ? undefined : "bwrap did not keep a process in";
}
