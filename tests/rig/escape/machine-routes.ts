/** Ways out to the rest of the machine: homes, temporary folders, processes, sockets, the network. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { child, connectTo, execute, sh, signal, write } from "../steps.ts";
import { both, CHECKED, type Route } from "./route.ts";

export const MACHINE_ROUTES: Route[] = [
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
    id: "read-checkout",
    what: "read a file of the user's checkout",
    steps: ({ repository }) => [execute("cat", join(repository, "src/b.txt"))],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "read-config",
    what: "read the user's `.git/config`, which may hold a token",
    steps: ({ repository }) => [execute("cat", join(repository, ".git/config"))],
    ...{ sandboxed: "blocked", verified: "unseen" },
  },
  {
    id: "read-shadow",
    what: "read `/etc/shadow` where Forkjoin runs as root",
    steps: () => [sh("test -s /etc/shadow")],
    ...{ sandboxed: "blocked", verified: "unseen", root: true },
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
    steps: ({ pid }) => [sh(`grep -qa PATH= /proc/${pid}/environ`)],
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
