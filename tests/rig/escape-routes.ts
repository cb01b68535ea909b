/** Every way out of a task's boundary that the suite tries, as data: the table in docs/security.md is made from it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  append,
  chmod,
  connectTo,
  execute,
  fifo,
  folder,
  hardlink,
  remove,
  rename,
  type Step,
  sh,
  signal,
  symlink,
  write,
} from "./steps.ts";

/**
 * - `blocked` — the operating system refused it
 * - `contained` — it went into something private that goes with the attempt
 * - `detected` — the attempt was not accepted, and was told
 * - `undone` — detected, and put back as it was
 * - `noted` — said in the result; it may have been the user
 * - `unseen` — neither prevented nor noticed
 */
export type Outcome = "blocked" | "contained" | "detected" | "undone" | "noted" | "unseen";

/** What a route may reach for. */
export interface Targets {
  repository: string;
  /** the user's real home */
  home: string;
  /** a folder of somebody else, in the shared /tmp */
  elsewhere: string;
  /** Forkjoin's own folder */
  state: string;
  /** a socket on disk that somebody listens on */
  socket: string;
  /** a loopback port somebody listens on */
  port: number;
  /** a process of the user */
  pid: number;
}

export interface Route {
  id: string;
  what: string;
  steps(targets: Targets): Step[];
  sandboxed: Outcome;
  verified: Outcome;
  /** true when the route had a lasting effect outside the workspace */
  leaked?(targets: Targets): boolean;
  /** it reaches for the user's repository: at level verified such routes run one at a time */
  alone?: boolean;
  network?: false;
  /** an inner `user` of root only */
  root?: true;
}

/** Files of the repository that the routes attack; the declared scope is `src/a.txt` and `src/dir/**`. */
export const FILES: Record<string, string> = {
  "src/a.txt": "a\n",
  "src/b.txt": "b\n",
  "src/dir/d.txt": "d\n",
  "other/c.txt": "c\n",
  ".gitignore": "cache/\nnode_modules/\n*.log\n",
};
export const SCOPE: string[] = ["src/a.txt", "src/dir/**"];

const inGit = (targets: Targets, path: string): string => join(targets.repository, ".git", path);

function planted(id: string, path: string, text: string): Route {
  return {
    id,
    what: `plant the user's \`.git/${path}\``,
    steps: (targets) => [write(inGit(targets, path), text)],
    leaked: (targets) => existsSync(inGit(targets, path)) && readFileSync(inGit(targets, path), "utf8") === text,
    ...{ sandboxed: "blocked", verified: "undone", alone: true },
  };
}

const both = (outcome: Outcome): Pick<Route, "sandboxed" | "verified"> => ({ sandboxed: outcome, verified: outcome });
const blocked = { sandboxed: "blocked", verified: "detected" } as const;

const TREE: Route[] = [
  { id: "edit", what: "edit an undeclared file", steps: () => [append("other/c.txt", "x")], ...blocked },
  { id: "edit-beside", what: "edit the file beside its own", steps: () => [append("src/b.txt", "x")], ...blocked },
  { id: "create", what: "create a file in another folder", steps: () => [write("other/new.txt", "x")], ...blocked },
  {
    id: "create-beside",
    what: "create a file beside its own",
    steps: () => [write("src/new.txt", "x")],
    ...both("detected"),
  },
  { id: "delete", what: "delete an undeclared file", steps: () => [remove("other/c.txt")], ...blocked },
  { id: "rename", what: "rename an undeclared file", steps: () => [rename("src/b.txt", "src/z.txt")], ...blocked },
  {
    id: "replace",
    what: "rename its own file onto another",
    steps: () => [rename("src/a.txt", "src/b.txt")],
    ...blocked,
  },
  {
    id: "chmod",
    what: "change the mode of an undeclared file",
    steps: () => [chmod("other/c.txt", 0o755)],
    ...blocked,
  },
  {
    id: "to-folder",
    what: "make its file a folder",
    steps: () => [remove("src/a.txt"), write("src/a.txt/x", "x")],
    ...both("detected"),
  },
  {
    id: "to-pipe",
    what: "make its file a pipe",
    steps: () => [remove("src/a.txt"), fifo("src/a.txt")],
    ...both("detected"),
  },
  {
    id: "link-absolute",
    what: "link out by an absolute path",
    steps: () => [symlink("src/dir/l", "/etc/passwd")],
    ...both("detected"),
  },
  {
    id: "link-relative",
    what: "link out by a relative path",
    steps: () => [symlink("src/dir/l", "../../../x")],
    ...both("detected"),
  },
  {
    id: "link-folder",
    what: "put a link in the place of a folder",
    steps: () => [rename("src", "moved"), symlink("src", "moved")],
    ...both("detected"),
  },
  {
    id: "hard-link",
    what: "make a hard link to an undeclared file",
    steps: () => [hardlink("src/dir/h", "other/c.txt")],
    ...blocked,
  },
  {
    id: "set-user-id",
    what: "make its file set-user-id",
    steps: () => [chmod("src/a.txt", 0o4755)],
    ...both("detected"),
  },
  {
    id: "device",
    what: "make a device",
    steps: () => [execute("mknod", "src/dir/null", "c", "1", "3")],
    ...blocked,
    root: true,
  },
  {
    id: "nested-git",
    what: "nest a repository",
    steps: () => [write("src/dir/.git/config", "x")],
    ...both("detected"),
  },
  { id: "git-case", what: "nest a `.GIT` folder", steps: () => [folder("src/dir/.GIT")], ...both("detected") },
  { id: "git-short", what: "nest a `GIT~1` file", steps: () => [write("src/dir/GIT~1", "x")], ...both("detected") },
  {
    id: "submodule",
    what: "add a `.gitmodules`",
    steps: () => [write(".gitmodules", '[submodule "x"]\n')],
    ...both("detected"),
  },
  {
    id: "names",
    what: "use names that other systems read differently (`a:b`, trailing dot, backslash, decomposed accents)",
    steps: () => ["src/a.txt:b", "src/a.txt.", "src\\b", "src/a\u0301"].map((path) => write(path, "x")),
    ...both("detected"),
  },
  {
    id: "hide-ignore",
    what: "hide a file by a `.gitignore` of its own",
    steps: () => [write("src/dir/.gitignore", "*\n"), write("hidden/.gitignore", "*\n"), write("hidden/x", "x")],
    ...both("detected"),
  },
  {
    id: "hide-exclude",
    what: "hide a file by its own `.git/info/exclude`",
    steps: () => [write(".git/info/exclude", "hidden\n"), write("hidden", "x")],
    ...both("detected"),
  },
  {
    id: "hide-index",
    what: "hide an edit by an index flag",
    steps: () => [sh("git update-index --assume-unchanged other/c.txt && echo x >> other/c.txt")],
    ...blocked,
  },
  {
    id: "commit",
    what: "commit an undeclared edit",
    steps: () => [sh("echo x >> src/c.txt && git add -A && git commit -qm x")],
    ...both("detected"),
  },
  {
    id: "agent-settings",
    what: "leave settings for the next agent (`.claude`, `AGENTS.md`, `.mcp.json`)",
    steps: () => [write(".claude/settings.json", "{}"), write("AGENTS.md", "x"), write(".mcp.json", "{}")],
    ...both("detected"),
  },
  {
    id: "planted-program",
    what: "plant a program in an ignored folder (`node_modules/.bin`)",
    steps: () => [write("node_modules/.bin/tsc", "#!/bin/sh\n")],
    ...both("contained"),
  },
];

const REPOSITORY: Route[] = [
  {
    id: "checkout",
    what: "write into the user's checkout",
    steps: ({ repository }) => [append(join(repository, "other/c.txt"), "x")],
    leaked: ({ repository }) => readFileSync(join(repository, "other/c.txt"), "utf8") !== "c\n",
    ...{ sandboxed: "blocked", verified: "unseen", alone: true },
  },
  {
    id: "config",
    what: "plant a program in the user's `.git/config`",
    steps: ({ repository }) => [execute("git", "-C", repository, "config", "core.fsmonitor", "/tmp/evil")],
    leaked: (targets) => readFileSync(inGit(targets, "config"), "utf8").includes("evil"),
    ...{ sandboxed: "blocked", verified: "undone", alone: true },
  },
  planted("hook", "hooks/post-checkout", "#!/bin/sh\nevil\n"),
  planted("attributes", "info/attributes", "* filter=evil\n"),
  planted("exclude", "info/exclude", "*\n"),
  planted("alternates", "objects/info/alternates", "/tmp/evil\n"),
  planted("config-worktree", "config.worktree", "[core]\n\thooksPath = /tmp/evil\n"),
  planted("module-config", "modules/m/config", "[core]\n\tfsmonitor = evil\n"),
  {
    id: "refs",
    what: "make a branch and a tag in the user's repository",
    steps: ({ repository }) => [
      execute("git", "-C", repository, "branch", "evil"),
      execute("git", "-C", repository, "tag", "evil"),
    ],
    leaked: (targets) => existsSync(inGit(targets, "refs/heads/evil")),
    ...{ sandboxed: "blocked", verified: "noted", alone: true },
  },
];

const MACHINE: Route[] = [
  {
    id: "home",
    what: "write into the real home (`~/.npmrc`)",
    steps: ({ home }) => [write(join(home, ".npmrc"), "x")],
    leaked: ({ home }) => existsSync(join(home, ".npmrc")),
    ...{ sandboxed: "contained", verified: "unseen" },
  },
  {
    id: "read-home",
    what: "read the real home (`~/.ssh`)",
    steps: ({ home }) => [execute("cat", join(home, ".ssh", "id"))],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "tmp",
    what: "write into the shared `/tmp`",
    steps: ({ elsewhere }) => [write(join(elsewhere, "x"), "x")],
    leaked: ({ elsewhere }) => existsSync(join(elsewhere, "x")),
    ...{ sandboxed: "contained", verified: "unseen" },
  },
  {
    id: "etc",
    what: "write into `/etc` and `/usr`",
    steps: () => [sh("test -w /etc"), sh("test -w /usr")],
    ...{ sandboxed: "blocked", verified: "unseen", root: true },
  },
  {
    id: "state",
    what: "reach Forkjoin's own folder: store, logs, other workspaces",
    steps: ({ state }) => [execute("test", "-e", join(state, "forkjoin.db"))],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "remount",
    what: "mount its way out, as root or in a user namespace of its own",
    steps: () => [
      sh("mount -o remount,bind,rw /"),
      sh("umount /tmp"),
      sh("unshare -Urm sh -c 'mount -o remount,bind,rw / && test -w /etc'"),
    ],
    ...{ sandboxed: "blocked", verified: "unseen", root: true },
  },
  {
    id: "process",
    what: "signal a process of the user",
    steps: ({ pid }) => [signal(pid)],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "environ",
    what: "read the environment of a process of the user",
    steps: ({ pid }) => [sh(`grep -qa FORKJOIN_HOME /proc/${pid}/environ`)],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "socket",
    what: "talk to a Unix socket on disk",
    steps: ({ socket }) => [connectTo({ path: socket })],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "network",
    what: "talk to a loopback port under `network: false`",
    steps: ({ port }) => [connectTo({ host: "127.0.0.1", port })],
    ...{ sandboxed: "blocked", verified: "unseen", network: false },
  },
];

export const ROUTES: Route[] = [...TREE, ...REPOSITORY, ...MACHINE];

/** The rows of the table in docs/security.md. */
export function routeTable(): string {
  const rows = ROUTES.map(({ id, what, sandboxed, verified }) => {
    const unsandboxed = id === "network" ? "refused before anything starts" : verified;
    return `| ${what} | ${sandboxed} | ${unsandboxed} |`;
  });
  return ["| route | `sandboxed` | `verified` |", "| --- | --- | --- |", ...rows].join("\n");
}
