/** The sandbox port over bubblewrap: mounts and namespaces around one process, which ends with its parent. */
import { existsSync, realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import type { Enclosure, Sandbox, SandboxProbe } from "../../core/ports/sandbox.ts";
import { diskSockets } from "./disk-sockets.ts";
import { hiddenPlaces, hiddenRepository, systemSecrets } from "./hidden-places.ts";
import { mountPlan } from "./mount-plan.ts";
import { asFlags, inOrder, isHidden, type Mount } from "./mounts.ts";
import { missingFiles, probeBubblewrap } from "./probe-bubblewrap.ts";
import { limiting, unlimitedHere } from "./process-limits.ts";
import { filterFile, filtering, filterProgram } from "./system-call-filter.ts";
import { hiddenBy, visiblePaths } from "./visible-paths.ts";

const PROGRAM = "bwrap";

/**
 * As root, bubblewrap keeps every capability unless told otherwise, and with them a process can mount its way out: `--cap-drop ALL`
 * is what makes it a wall. `--die-with-parent` ends everything inside when Forkjoin is killed.
 */
const NAMESPACES = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL"];

/** `home` is Forkjoin's own folder: hidden as a whole but for the workspace. */
export function bubblewrap(home: string): Sandbox {
  const remembered: { probe?: SandboxProbe; filter: Buffer | undefined } = { filter: filterProgram(process.arch) };
  const enclose = (enclosure: Enclosure): string[] => {
    const { filter } = remembered;
    const calls = filter === undefined ? { before: [], flags: [] } : filtering(filterFile(home, filter));
    const flags = [...calls.flags, ...flagsFor(enclosure, home)];
    return [...calls.before, PROGRAM, ...flags, ...limiting(enclosure.limits), ...enclosure.command];
  };
  return {
    enclose,
    probe() {
      remembered.probe ??= probeOf(remembered, () => probeBubblewrap(home, enclose));
      return remembered.probe;
    },
    missing: (command, shown) =>
      missingFiles(command, { shown: [...visiblePaths(command, hiddenPlaces(home)), ...shown], home, enclose }),
    placeProblem: (path) => placeProblem(path, home),
    unlimited: unlimitedHere,
  };
}

/** Where the kernel or bubblewrap takes no filter, the sandbox does without, and says so. */
function probeOf(used: { filter: Buffer | undefined }, probe: () => SandboxProbe): SandboxProbe {
  const missing = `there is no filter of system calls for ${process.arch}`;
  const tried = probe();
  if (used.filter === undefined) return tried.works ? { ...tried, unfiltered: missing } : tried;
  if (tried.works) return tried;
  const filter = used.filter;
  used.filter = undefined;
  const without = probe();
  if (without.works) return { ...without, unfiltered: `system calls are not filtered: ${tried.why}` };
  used.filter = filter;
  return tried;
}

/** What root may write there without any capability, kernel settings among it. */
const KERNEL = ["sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "mtrr"].map((name) => `/proc/${name}`);

function flagsFor(enclosure: Enclosure, home: string): string[] {
  const mounts = inOrder([...machine(enclosure, home), ...workspace(enclosure)]);
  const sockets = diskSockets().filter((path) => isSeen(path, mounts));
  return [
    ...["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...KERNEL.flatMap((path) => ["--ro-bind-try", path, path]),
    ...asFlags(mounts),
    ...asFlags(sockets.map((path): Mount => ({ how: "cover", path }))),
    ...NAMESPACES,
    ...(enclosure.network ? ["--share-net"] : []),
    ...["--chdir", enclosure.directory, "--"],
  ];
}

/** Mounts that hide, show and grant parts of the machine. */
function machine({ command, folder, hidden, borrowed, shown, granted, guarded }: Enclosure, home: string): Mount[] {
  const [places, repository] = [hiddenPlaces(home), hiddenRepository(hidden)];
  const secrets = systemSecrets();
  const usable = (path: string): boolean =>
    isAbsolute(path) && existsSync(path) && placeProblem(path, home) === undefined;
  return [
    ...places.map(
      (path): Mount =>
        isTemporary(path) ? { how: "private", path, from: join(folder, "tmp") } : { how: "hide", path },
    ),
    ...secrets.folders.map((path): Mount => ({ how: "shut", path })),
    ...secrets.files.map((path): Mount => ({ how: "cover", path })),
    ...resolver().map((path): Mount => ({ how: "read", path })),
    ...visiblePaths(command, [...places, ...repository]).map((path): Mount => ({ how: "read", path })),
    ...shown.filter(usable).map((path): Mount => ({ how: "read", path })),
    ...granted.filter(usable).map((path): Mount => ({ how: "write", path })),
    // After those: a variable that names the checkout opens nothing of it.
    ...repository.map((path): Mount => ({ how: "shut", path })),
    ...[...guarded, ...borrowed].filter(existsSync).map((path): Mount => ({ how: "read", path })),
  ];
}

/** Each part is a mount of its own, which cannot be renamed, and the folder around them is read-only. */
function workspace(enclosure: Enclosure): Mount[] {
  const { directory, boundary } = enclosure;
  const folder = realpathSync(enclosure.folder);
  const parts = ["tree", "home", "tmp", "outbox"].map((name) => join(folder, name)).filter(existsSync);
  const closed = boundary === undefined ? [] : mountPlan(directory, boundary).map((path) => join(directory, path));
  return [
    { how: "read", path: folder },
    ...parts.map((path): Mount => ({ how: "write", path })),
    ...closed.map((path): Mount => ({ how: "read", path })),
    ...packages(enclosure),
  ];
}

/** Packages of this workspace alone can be installed anew; what others have, too, is read-only but for its caches. */
function packages({ boundary, installed: { folders, shared, caches } }: Enclosure): Mount[] {
  if (boundary === undefined && !shared) return [];
  const present = folders.filter(isPlainFolder).map((path): Mount => ({ how: shared ? "read" : "write", path }));
  return shared
    ? [...present, ...caches.filter(isPlainFolder).map((path): Mount => ({ how: "write", path }))]
    : present;
}

/** A folder reached through no link: what an attempt put into its place leads nowhere. */
function isPlainFolder(path: string): boolean {
  return existsSync(path) && realpathSync(path) === path && statSync(path).isDirectory();
}

/** Both are the attempt's TMPDIR. */
function isTemporary(path: string): boolean {
  return path === "/tmp" || path === "/var/tmp";
}

/** A home, the disk and Forkjoin's folder are neither shown nor granted as a whole; one above them is, and they stay hidden in it. */
function placeProblem(path: string, home: string): string | undefined {
  const real = existsSync(path) ? realpathSync(path) : path;
  if (real === "/") return "is the whole disk";
  if (isAtOrBelow(real, home)) return "is Forkjoin's own folder";
  return hiddenPlaces(home).includes(real) ? "is a whole home or temporary folder" : undefined;
}

function isAtOrBelow(path: string, folder: string): boolean {
  const real = existsSync(folder) ? realpathSync(folder) : folder;
  return [folder, real].some((place) => path === place || path.startsWith(`${place}/`));
}

/** Name resolution lives in /run on many systems, and /run is hidden for the sockets in it. */
function resolver(): string[] {
  const file = "/etc/resolv.conf";
  if (!existsSync(file)) return [];
  const real = realpathSync(file);
  return hiddenBy(real, ["/run"]) === undefined ? [] : [real];
}

/** A socket in a hidden place is not there, and needs no cover. */
function isSeen(path: string, mounts: Mount[]): boolean {
  return !path.startsWith("/var/run/") && !isHidden(path, mounts);
}
