/** Ways out for code that an agent wrote and a check runs: it is the agent's code, behind the same wall. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { write } from "../steps.ts";
import { both, CHECKED, type Route, type Targets } from "./route.ts";

const unseen = { sandboxed: "blocked", verified: "unseen" } as const;

function byCheck(route: Omit<Route, "steps" | "checked"> & { script(targets: Targets): string }): Route {
  const { script, ...rest } = route;
  return { ...rest, steps: (targets) => [write(CHECKED, `${script(targets)}\n`)], checked: true };
}

export const CHECK_ROUTES: Route[] = [
  byCheck({
    id: "check-home",
    what: "write into the real home from a check that runs what it wrote",
    script: ({ home }) => `echo x > ${join(home, "from-a-check")}`,
    leaked: ({ home }) => existsSync(join(home, "from-a-check")),
    ...unseen,
  }),
  byCheck({
    id: "check-reads-home",
    what: "read the real home from such a check",
    script: ({ home }) => `cat ${join(home, ".ssh", "id")}`,
    ...unseen,
  }),
  byCheck({
    id: "check-reads-config",
    what: "read the user's `.git/config` from such a check",
    script: ({ repository }) => `cat ${join(repository, ".git/config")}`,
    ...unseen,
  }),
  byCheck({
    id: "check-state",
    what: "reach Forkjoin's own folder from such a check",
    script: ({ state }) => `test -e ${join(state, "forkjoin.db")}`,
    ...unseen,
  }),
  byCheck({
    id: "check-socket",
    what: "talk to a Unix socket on disk from such a check",
    script: ({ socket }) => `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Peer => "${socket}") or exit 1'`,
    ...unseen,
  }),
  byCheck({
    id: "check-process",
    what: "signal a process of the user from such a check",
    script: ({ pid }) => `kill -0 ${pid}`,
    ...unseen,
  }),
  byCheck({
    id: "check-late-writer",
    what: "leave a process behind from such a check",
    script: () => "setsid sleep 3600 > /dev/null 2>&1 &",
    leaked: () => false,
    ...both("contained"),
  }),
  byCheck({
    id: "check-edits",
    what: "edit undeclared files from such a check, when its work is committed",
    script: () => "echo x >> other/c.txt; echo x > src/dir/late.txt",
    leaked: () => false,
    ...both("contained"),
  }),
  byCheck({
    id: "check-hooks",
    what: "plant hooks and settings in the workspace's git directory from such a check",
    script: () => "mkdir -p .git/hooks; echo x > .git/hooks/post-checkout; git config core.fsmonitor x",
    leaked: () => false,
    ...both("contained"),
  }),
  byCheck({
    id: "check-swap",
    what: "put a link to the user's repository in the place of the working directory from such a check",
    script: ({ repository }) => `cd .. && mv tree tree.old && ln -s ${repository} tree`,
    leaked: ({ repository }) => !existsSync(join(repository, ".git", "HEAD")),
    ...{ sandboxed: "blocked", verified: "contained" },
  }),
];
