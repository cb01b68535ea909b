/** Ways out over the folders a workspace is made of: a link in the place of one, for the next process or for Forkjoin to follow. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execute, sh, write } from "../steps.ts";
import { both, CHECKED, type Route } from "./route.ts";

/** Puts a link to `target` in the place of `name`, which is beside the working directory. */
const swap = (name: string, target: string): string => `cd .. && mv ${name} ${name}.old && ln -s ${target} ${name}`;

export const FOLDER_ROUTES: Route[] = [
  {
    id: "swap-tree",
    what: "put a link to the user's repository in the place of its working directory",
    steps: ({ repository }) => [sh(swap("tree", repository))],
    leaked: ({ repository }) => !existsSync(join(repository, ".git", "HEAD")),
    unkept: true,
    ...{ sandboxed: "blocked", verified: "detected" },
  },
  {
    id: "swap-tree-folder",
    what: "put another folder in the place of its working directory",
    steps: () => [sh("cd .. && mv tree old && cp -r old tree")],
    unkept: true,
    ...{ sandboxed: "blocked", verified: "detected" },
  },
  {
    id: "swap-outbox",
    what: "put a link to the real home in the place of its outbox",
    steps: ({ home }) => [sh(swap("outbox", join(home, ".ssh")))],
    unkept: true,
    ...{ sandboxed: "blocked", verified: "detected" },
  },
  {
    id: "swap-tmp",
    what: "put a link to `/` in the place of its `tmp`, for the check that follows",
    steps: ({ elsewhere }) => [
      write(CHECKED, `echo x > "$TMPDIR${elsewhere}/from-tmp" || true\n`),
      sh(swap("tmp", "/")),
    ],
    leaked: ({ elsewhere }) => existsSync(join(elsewhere, "from-tmp")),
    checked: true,
    ...both("contained"),
  },
  {
    id: "swap-home",
    what: "put a link to the real home in the place of its HOME, for the check that follows",
    steps: ({ home }) => [write(CHECKED, 'echo x > "$HOME/from-home" || true\n'), sh(swap("home", home))],
    leaked: ({ home }) => existsSync(join(home, "from-home")),
    checked: true,
    ...both("contained"),
  },
  {
    id: "home-settings",
    what: "leave settings in its HOME for the check that follows",
    steps: ({ elsewhere }) => [
      write(CHECKED, `[ ! -e "$HOME/.toolrc" ] || echo x > "${elsewhere}/toolrc"\n`),
      sh('echo x > "$HOME/.toolrc"'),
    ],
    leaked: ({ elsewhere }) => existsSync(join(elsewhere, "toolrc")),
    checked: true,
    ...both("contained"),
  },
  {
    id: "brief-link",
    what: "put a link in the place of the brief",
    steps: ({ repository }) => [sh(`cd .. && rm brief.md && ln -s ${join(repository, "other/c.txt")} brief.md`)],
    leaked: ({ repository }) => readFileSync(join(repository, "other/c.txt"), "utf8") !== "c\n",
    ...{ sandboxed: "blocked", verified: "contained" },
  },
  {
    id: "deep-folders",
    what: "leave folders deeper than any path is long beside its working directory",
    steps: () => [
      execute(
        "bash",
        "-c",
        'cd ../tmp && n=$(printf "d%.0s" $(seq 200)) && for i in $(seq 40); do mkdir $n && cd $n || exit 1; done',
      ),
    ],
    leaked: () => false,
    ...both("contained"),
  },
  {
    id: "closed-folders",
    what: "leave folders without permissions beside its working directory",
    steps: () => [sh("mkdir -p ../tmp/a/b && touch ../tmp/a/b/c && chmod 000 ../tmp/a/b ../tmp/a")],
    leaked: () => false,
    ...both("contained"),
  },
];
