/** Every way out of a task's boundary that the suite tries, as data: the table in docs/security.md is made from it. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  append,
  child,
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
  /** the path and the start of the rule that the next attempt is told, where the route is `detected` in the workspace */
  told?: string;
  /** true when the route had a lasting effect outside the workspace */
  leaked?(targets: Targets): boolean;
  /** it reaches for the user's repository: at level verified such routes run one at a time */
  alone?: boolean;
  network?: false;
  /** its task has the check that runs `CHECKED` when the agent has ended */
  checked?: true;
  /** the machine is not to be harmed: not walked without the sandbox */
  harmful?: true;
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
/** What the check `planted` runs, if it is there. */
export const CHECKED = "src/dir/check.sh";
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

/** A program that says at `targets.elsewhere` that it was run. */
const tell = ({ elsewhere }: Targets): string => `touch ${join(elsewhere, "ran")}; cat`;
const told = ({ elsewhere }: Targets): boolean => existsSync(join(elsewhere, "ran"));

const both = (outcome: Outcome): Pick<Route, "sandboxed" | "verified"> => ({ sandboxed: outcome, verified: outcome });
const blocked = { sandboxed: "blocked", verified: "detected" } as const;

const TREE: Route[] = [
  {
    id: "edit",
    told: "other/c.txt: modified outside the scope",
    what: "edit an undeclared file",
    steps: () => [append("other/c.txt", "x")],
    ...blocked,
  },
  {
    id: "edit-beside",
    told: "src/b.txt: modified outside the scope",
    what: "edit the file beside its own",
    steps: () => [append("src/b.txt", "x")],
    ...blocked,
  },
  {
    id: "create",
    told: "other/new.txt: created outside the scope",
    what: "create a file in another folder",
    steps: () => [write("other/new.txt", "x")],
    ...blocked,
  },
  {
    id: "create-beside",
    told: "src/new.txt: created outside the scope",
    what: "create a file beside its own",
    steps: () => [write("src/new.txt", "x")],
    ...both("detected"),
  },
  {
    id: "delete",
    told: "other/c.txt: deleted outside the scope",
    what: "delete an undeclared file",
    steps: () => [remove("other/c.txt")],
    ...blocked,
  },
  {
    id: "rename",
    told: "src/z.txt: created outside the scope",
    what: "rename an undeclared file",
    steps: () => [rename("src/b.txt", "src/z.txt")],
    ...blocked,
  },
  {
    id: "replace",
    told: "src/b.txt: modified outside the scope",
    what: "rename its own file onto another",
    steps: () => [rename("src/a.txt", "src/b.txt")],
    ...blocked,
  },
  {
    id: "chmod",
    told: "other/c.txt: modified outside the scope",
    what: "change the mode of an undeclared file",
    steps: () => [chmod("other/c.txt", 0o755)],
    ...blocked,
  },
  {
    id: "to-folder",
    told: "src/a.txt/x: created outside",
    what: "make its file a folder",
    steps: () => [remove("src/a.txt"), write("src/a.txt/x", "x")],
    ...both("detected"),
  },
  {
    id: "to-pipe",
    told: "src/a.txt: a device, socket or pipe",
    what: "make its file a pipe",
    steps: () => [remove("src/a.txt"), fifo("src/a.txt")],
    ...both("detected"),
  },
  {
    id: "link-absolute",
    told: "src/dir/l: a symbolic link that leads out",
    what: "link out by an absolute path",
    steps: () => [symlink("src/dir/l", "/etc/passwd")],
    ...both("detected"),
  },
  {
    id: "link-relative",
    told: "src/dir/l: a symbolic link that leads out",
    what: "link out by a relative path",
    steps: () => [symlink("src/dir/l", "../../../x")],
    ...both("detected"),
  },
  {
    id: "link-folder",
    told: "moved/a.txt: created outside",
    what: "put a link in the place of a folder",
    steps: () => [rename("src", "moved"), symlink("src", "moved")],
    ...both("detected"),
  },
  {
    id: "link-own",
    told: "src/a.txt: a symbolic link that leads out",
    what: "put a link out in the place of its own file",
    steps: () => [remove("src/a.txt"), symlink("src/a.txt", "/etc/passwd")],
    ...both("detected"),
  },
  {
    id: "link-git",
    told: "src/dir/l: a symbolic link into git's",
    what: "link into its git directory",
    steps: () => [symlink("src/dir/l", "../../.git/config")],
    ...both("detected"),
  },
  {
    id: "spelling",
    told: "other/c.txt: modified outside the scope",
    what: "edit an undeclared file by another spelling (`src/dir/../../other/./c.txt`)",
    steps: () => [append("src/dir/../../other/./c.txt", "x")],
    ...blocked,
  },
  {
    id: "above",
    what: "write above its workspace (`../x`)",
    steps: () => [write("../x", "x")],
    ...both("contained"),
  },
  {
    id: "hard-link-own",
    told: "src/a.txt: a hard link",
    what: "put a hard link in the place of its own file",
    steps: () => [sh("ln other/c.txt src/h && mv src/h src/a.txt")],
    ...blocked,
  },
  {
    id: "hard-link",
    told: "src/dir/h: a hard link",
    what: "make a hard link to an undeclared file",
    steps: () => [hardlink("src/dir/h", "other/c.txt")],
    ...blocked,
  },
  {
    id: "set-user-id",
    told: "src/a.txt: a set-user-id",
    what: "make its file set-user-id",
    steps: () => [chmod("src/a.txt", 0o4755)],
    ...both("detected"),
  },
  {
    id: "device",
    told: "src/dir/null: a device",
    what: "make a device",
    steps: () => [execute("mknod", "src/dir/null", "c", "1", "3")],
    ...blocked,
    root: true,
  },
  {
    id: "nested-git",
    told: "src/dir/.git/config: git metadata",
    what: "nest a repository",
    steps: () => [write("src/dir/.git/config", "x")],
    ...both("detected"),
  },
  {
    id: "git-case",
    told: "src/dir/.GIT: git metadata",
    what: "nest a `.GIT` folder",
    steps: () => [folder("src/dir/.GIT")],
    ...both("detected"),
  },
  {
    id: "git-short",
    told: "src/dir/GIT~1: git metadata",
    what: "nest a `GIT~1` file",
    steps: () => [write("src/dir/GIT~1", "x")],
    ...both("detected"),
  },
  {
    id: "submodule",
    told: ".gitmodules: created outside",
    what: "add a `.gitmodules`",
    steps: () => [write(".gitmodules", '[submodule "x"]\n')],
    ...both("detected"),
  },
  {
    id: "names",
    told: "src/a.txt:b: created outside",
    what: "use names that other systems read differently (`a:b`, trailing dot or space, backslash, decomposed accents)",
    steps: () => ["src/a.txt:b", "src/a.txt.", "src/a.txt ", "src\\b", "src/a\u0301"].map((path) => write(path, "x")),
    ...both("detected"),
  },
  {
    id: "hide-ignore",
    told: "hidden/x: created outside the scope",
    what: "hide a file by a `.gitignore` of its own",
    steps: () => [write("src/dir/.gitignore", "*\n"), write("hidden/.gitignore", "*\n"), write("hidden/x", "x")],
    ...both("detected"),
  },
  {
    id: "hide-exclude",
    told: "hidden: created outside the scope",
    what: "hide a file by its own `.git/info/exclude`",
    steps: () => [write(".git/info/exclude", "hidden\n"), write("hidden", "x")],
    ...both("detected"),
  },
  {
    id: "hide-index",
    told: "other/c.txt: modified outside the scope",
    what: "hide an edit by an index flag",
    steps: () => [sh("git update-index --assume-unchanged other/c.txt && echo x >> other/c.txt")],
    ...both("detected"),
  },
  {
    id: "commit",
    told: "src/c.txt: created outside the scope",
    what: "commit an undeclared edit",
    steps: () => [sh("echo x >> src/c.txt && git add -A && git commit -qm x")],
    ...both("detected"),
  },
  {
    id: "agent-settings",
    told: "AGENTS.md: created outside",
    what: "leave settings for the next agent (`.claude`, `.codex`, `opencode.json`, `AGENTS.md`, `.mcp.json`)",
    steps: () =>
      [".claude/settings.json", ".codex/config.toml", "opencode.json", "AGENTS.md", ".mcp.json"].map((path) =>
        write(path, "{}"),
      ),
    ...both("detected"),
  },
  {
    id: "planted-program",
    what: "plant a program in an ignored folder (`node_modules/.bin`)",
    steps: () => [write("node_modules/.bin/tsc", "#!/bin/sh\n")],
    ...both("contained"),
  },
];

/** Its own git directory, which goes with the workspace: nothing planted there may run, and the attempt fails. */
const OWN_GIT: Route[] = [
  {
    id: "own-driver",
    told: ".git/config: sets filter.x.clean",
    what: "make git run a program by its own `.git/config` and a `.gitattributes` in its scope",
    steps: (targets) => [
      write("src/dir/.gitattributes", "* filter=x diff=x merge=x\n"),
      append(".git/config", `[filter "x"]\n\tclean = ${JSON.stringify(tell(targets))}\n`),
    ],
    leaked: told,
    ...both("detected"),
  },
  {
    id: "own-monitor",
    told: ".git/config: sets core.fsmonitor",
    what: "the same by `core.fsmonitor`, behind a harmless section",
    steps: (targets) => [append(".git/config", `[user][core]\n\tfsmonitor = ${JSON.stringify(tell(targets))}\n`)],
    leaked: told,
    ...both("detected"),
  },
  {
    id: "own-hooks",
    told: ".git/hooks/post-index-change: a hook",
    what: "plant hooks in its own `.git`",
    steps: (targets) =>
      ["post-index-change", "pre-commit", "reference-transaction"].flatMap((name) => [
        write(`.git/hooks/${name}`, `#!/bin/sh\n${tell(targets)}\n`),
        chmod(`.git/hooks/${name}`, 0o755),
      ]),
    leaked: told,
    ...both("detected"),
  },
  {
    id: "own-elsewhere",
    told: ".git/objects/info/alternates: makes git read objects from elsewhere",
    what: "lead its own `.git` elsewhere (`alternates`, `commondir`, `info/attributes`)",
    steps: () => [
      write(".git/objects/info/alternates", "/tmp/evil\n"),
      write(".git/info/attributes", "* diff=x\n"),
      write(".git/commondir", "/tmp/evil\n"),
    ],
    ...both("detected"),
  },
  {
    id: "own-replaced",
    told: ".git: git's own directory was replaced by a file",
    what: "put a `.git` file in the place of its git directory",
    steps: () => [remove(".git"), write(".git", "gitdir: /tmp/evil\n")],
    ...both("detected"),
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
    steps: (targets) => [append(inGit(targets, "config"), "[user][core]\n\tfsmonitor = /tmp/evil\n")],
    leaked: (targets) => readFileSync(inGit(targets, "config"), "utf8").includes("evil"),
    ...{ sandboxed: "blocked", verified: "undone", alone: true },
  },
  planted("hook", "hooks/post-checkout", "#!/bin/sh\nevil\n"),
  planted("attributes", "info/attributes", "* filter=evil\n"),
  planted("exclude", "info/exclude", "*\n"),
  planted("alternates", "objects/info/alternates", "/tmp/evil\n"),
  planted("config-worktree", "config.worktree", "[core]\n\thooksPath = /tmp/evil\n"),
  planted("worktree", "worktrees/w/gitdir", "/tmp/evil\n"),
  planted("module-config", "modules/m/config", "[core]\n\tfsmonitor = evil\n"),
  {
    id: "refs",
    what: "make a branch, a tag and a stash in the user's repository, loose or packed",
    steps: ({ repository }) => [
      execute("git", "-C", repository, "branch", "evil"),
      execute("git", "-C", repository, "tag", "evil"),
      execute("git", "-C", repository, "stash", "store", "HEAD"),
      sh(`echo "$(git rev-parse HEAD) refs/heads/packed" >> ${join(repository, ".git/packed-refs")}`),
    ],
    leaked: (targets) => existsSync(inGit(targets, "refs/heads/evil")),
    ...{ sandboxed: "blocked", verified: "noted", alone: true },
  },
];

const USER_INDEX: Route = {
  id: "user-index",
  what: "set index flags in the user's checkout",
  steps: ({ repository }) => [execute("git", "-C", repository, "update-index", "--assume-unchanged", "src/b.txt")],
  ...{ sandboxed: "blocked", verified: "unseen", alone: true },
};

const MACHINE: Route[] = [
  {
    id: "late-writer",
    what: "leave a process behind in a session of its own, to write later",
    steps: () => [child({ setsid: true, ignore_term: true })],
    ...both("contained"),
  },
  {
    id: "check",
    what: "write into the user's checkout from a check that runs what it wrote",
    steps: ({ repository }) => [write(CHECKED, `echo x > ${join(repository, "from-a-check")}\n`)],
    leaked: ({ repository }) => existsSync(join(repository, "from-a-check")),
    ...{ sandboxed: "blocked", verified: "unseen", alone: true, checked: true },
  },
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
    ...{ sandboxed: "blocked", verified: "unseen", harmful: true, root: true },
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
    ...{ sandboxed: "blocked", verified: "unseen", harmful: true, root: true },
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
    ...{ sandboxed: "blocked", verified: "unseen", harmful: true, network: false },
  },
];

export const ROUTES: Route[] = [...TREE, ...OWN_GIT, ...REPOSITORY, USER_INDEX, ...MACHINE];

/** The rows of the table in docs/security.md. */
export function routeTable(): string {
  const rows = ROUTES.map(({ id, what, sandboxed, verified }) => {
    const unsandboxed = id === "network" ? "refused before anything starts" : verified;
    return `| ${what} | ${sandboxed} | ${unsandboxed} |`;
  });
  return ["| route | `sandboxed` | `verified` |", "| --- | --- | --- |", ...rows].join("\n");
}
