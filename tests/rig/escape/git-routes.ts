/** Ways out over git directories: the workspace's own, and the user's. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { append, chmod, execute, remove, sh, write } from "../steps.ts";
import { both, type Route, type Targets } from "./route.ts";

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

/** Its own git directory, which goes with the workspace: nothing planted there may run, and the attempt fails. */
export const OWN_GIT_ROUTES: Route[] = [
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

const INTO_GIT: Route[] = [
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

export const REPOSITORY_ROUTES: Route[] = [...INTO_GIT, USER_INDEX];
