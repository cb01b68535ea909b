/** Ways out over what the system gives a process: variables, /proc, devices, kernel settings; and what it takes without measure. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { append, execute, rename, sh, symlink, write } from "../steps.ts";
import { blocked, both, type Route } from "./route.ts";

const unseen = { sandboxed: "blocked", verified: "unseen" } as const;
const KEYCTL = process.arch === "arm64" ? 219 : 250;

export const PROCESS_ROUTES: Route[] = [
  {
    id: "env-list",
    what: "write into a folder that a passed variable names (`env: [NAME]`)",
    steps: ({ elsewhere }) => [sh(`[ "$PASSED" = "${elsewhere}" ] && echo x > "$PASSED/listed"`)],
    leaked: ({ elsewhere }) => existsSync(join(elsewhere, "listed")),
    ...unseen,
    agent: "passing",
  },
  {
    id: "env-list-replace",
    what: "replace a file in a folder that a passed variable names",
    steps: () => [sh('cp "$PASSED/secret" "$TMPDIR/s" && mv "$TMPDIR/s" "$PASSED/secret"')],
    ...unseen,
    agent: "passing",
  },
  {
    id: "read-tmp",
    what: "read what somebody else keeps in the shared `/tmp`",
    steps: ({ elsewhere }) => [execute("cat", join(elsewhere, "secret"))],
    ...unseen,
  },
  {
    id: "list-home",
    what: "list the real home",
    steps: ({ home }) => [sh(`ls -A ${home} | grep -q ssh`)],
    ...unseen,
  },
  {
    id: "home-program",
    what: "run a program of the real home that nobody showed it",
    steps: ({ home }) => [execute(join(home, ".ssh", "tool"))],
    ...unseen,
  },
  {
    id: "own-cwd",
    told: "other/c.txt: modified outside the scope",
    what: "edit an undeclared file by `/proc/self/cwd`",
    steps: () => [append("/proc/self/cwd/other/c.txt", "x")],
    ...blocked,
  },
  {
    id: "own-root",
    what: "read the user's checkout by `/proc/self/root`",
    steps: ({ repository }) => [execute("cat", `/proc/self/root${repository}/src/b.txt`)],
    ...unseen,
  },
  {
    id: "first-root",
    what: "read the user's checkout by the root of process 1",
    steps: ({ repository }) => [execute("cat", `/proc/1/root${repository}/src/b.txt`)],
    ...unseen,
    root: true,
    harmful: true,
  },
  {
    id: "process-files",
    what: "open what a process of the user has open (`/proc/PID/fd`, `cwd`)",
    steps: ({ pid }) => [execute("ls", `/proc/${pid}/fd/`), execute("ls", `/proc/${pid}/cwd/`)],
    ...unseen,
  },
  {
    id: "devices",
    what: "see the machine's disks and memory as devices",
    steps: () => [sh("ls /dev | grep -qE '^(sd|vd|xvd|nvme|mem$|kmsg$|kvm$)'")],
    ...unseen,
    harmful: true,
  },
  {
    id: "kernel-settings",
    what: "write kernel settings (`/proc/sys`, `/sys`, `/proc/sysrq-trigger`)",
    steps: () => [
      sh("test -w /proc/sys/kernel/core_pattern"),
      sh("test -w /proc/sysrq-trigger"),
      sh('f=$(find /sys/kernel /sys/fs -maxdepth 2 -type f -writable 2>/dev/null | head -n 1) && : >> "$f"'),
    ],
    ...unseen,
    root: true,
    harmful: true,
  },
  {
    id: "keyring",
    what: "use the kernel's keyrings, which know no user namespace",
    steps: () => [execute("perl", "-e", `exit(syscall(${KEYCTL}, 0, -3, 0) == -1 ? 1 : 0)`)],
    ...unseen,
    harmful: true,
  },
  {
    id: "memory",
    what: "take more memory than `limits.memory_mb`",
    steps: () => [execute("perl", "-e", '$x = "a" x 4_000_000_000; exit 0')],
    ...unseen,
    harmful: true,
  },
  {
    id: "huge-file",
    what: "leave a file of a terabyte, without a byte on disk",
    steps: () => [sh("truncate -s 1T src/dir/huge")],
    unkept: true,
    ...both("detected"),
  },
  {
    id: "large-changes",
    what: "leave more megabytes altogether than `limits.changes_mb`",
    steps: () => [sh("for n in 1 2 3 4; do truncate -s 6M src/dir/large$n; done")],
    unkept: true,
    ...both("detected"),
  },
  {
    id: "many-files",
    what: "leave more files than `limits.files`",
    steps: () => [sh("mkdir src/dir/many && cd src/dir/many && for n in $(seq 500); do : > $n; done")],
    unkept: true,
    ...both("detected"),
  },
  {
    id: "deep-tree",
    what: "leave folders deeper than `limits.depth` in its scope",
    steps: () => [sh('cd src/dir && mkdir -p "$(printf "d/%.0s" $(seq 60))" && touch d/x')],
    unkept: true,
    ...both("detected"),
  },
  {
    id: "scope-request",
    told: "src/taken.txt: created outside the scope",
    what: "ask for the whole tree, and take from it",
    steps: () => [
      sh(`echo '{"files":["**"],"reason":"please"}' > "$FORKJOIN_SCOPE_REQUEST"`),
      write("src/taken.txt", "x"),
    ],
    ...both("detected"),
  },
  {
    id: "outbox-pipe",
    what: "make what it hands back a pipe that nobody writes into",
    steps: () => [sh('mkfifo "$FORKJOIN_OUTPUT_FILE"')],
    leaked: () => false,
    ...both("contained"),
  },
  {
    id: "outbox-link",
    what: "make what it hands back a link into the real home",
    steps: ({ home }) => [symlinkTo(join(home, ".ssh", "id"))],
    leaked: () => false,
    ...both("contained"),
  },
  {
    id: "outbox-endless",
    what: "ask for files in a request of many megabytes",
    steps: () => [sh('head -c 30000000 /dev/zero > "$FORKJOIN_SCOPE_REQUEST"')],
    leaked: () => false,
    ...both("contained"),
  },
  {
    id: "to-socket",
    told: "src/dir/s: a device, socket or pipe",
    what: "make a socket in its scope",
    steps: () => [
      execute("perl", "-MIO::Socket::UNIX", "-e", 'IO::Socket::UNIX->new(Local => "src/dir/s", Listen => 1) or exit 1'),
    ],
    ...both("detected"),
  },
  {
    id: "scope-moved",
    what: "put a link to another folder in the place of its own",
    steps: () => [rename("src/dir", "src/dir.old"), symlink("src/dir", "../other"), append("src/dir/new.txt", "x")],
    ...both("detected"),
  },
  {
    id: "delete-all",
    told: "other/c.txt: deleted outside the scope",
    what: "delete all that is not its own",
    steps: () => [sh("rm -rf other && rm -f src/b.txt README.md && ! test -e other")],
    ...blocked,
  },
  {
    id: "tool-settings",
    told: ".envrc: created outside",
    what: "leave settings for the next tool (`.npmrc`, `.envrc`, `.vscode/tasks.json`, `.husky/pre-commit`, `.github/workflows`)",
    steps: () =>
      [".npmrc", ".envrc", ".vscode/tasks.json", ".husky/pre-commit", ".github/workflows/x.yml"].map((path) =>
        write(path, "{}"),
      ),
    ...both("detected"),
  },
];

function symlinkTo(target: string): ReturnType<typeof sh> {
  return sh(`ln -s ${target} "$FORKJOIN_OUTPUT_FILE"`);
}
