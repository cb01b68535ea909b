/** The filter of system calls, carried out as the kernel would: it refuses what it names on each architecture, and every way around its numbers. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bubblewrap } from "../../../src/adapters/sandbox/bubblewrap.ts";
import { filterFile, filterProgram } from "../../../src/adapters/sandbox/system-call-filter.ts";
import { NOTHING_INSTALLED } from "../../../src/core/ports/workspace.ts";
import { seldom } from "../../rig/extent.ts";
import { SANDBOX } from "../../rig/sandbox.ts";

const I386 = 0x4000_0003;
const [ALLOWED, EPERM, ENOSYS] = [0x7fff_0000, 0x0005_0001, 0x0005_0026];
const [TIOCSTI, TIOCGWINSZ] = [0x5412, 0x5413];

/** Numbers of the kernel's tables (arch/x86/entry/syscalls, include/uapi/asm-generic/unistd.h). */
const TABLES = {
  x64: {
    audit: 0xc000_003e,
    ioctl: 16,
    refused: {
      ptrace: 101,
      pivot_root: 155,
      mount: 165,
      umount2: 166,
      kexec_load: 246,
      add_key: 248,
      request_key: 249,
    },
    more: { keyctl: 250, perf_event_open: 298, process_vm_writev: 311, bpf: 321, userfaultfd: 323 },
    allowed: {
      read: 0,
      write: 1,
      open: 2,
      mmap: 9,
      clone: 56,
      execve: 59,
      exit: 60,
      openat: 257,
      unshare: 272,
      clone3: 435,
    },
  },
  arm64: {
    audit: 0xc000_00b7,
    ioctl: 29,
    refused: { umount2: 39, mount: 40, pivot_root: 41, kexec_load: 104, ptrace: 117, add_key: 217, request_key: 218 },
    more: { keyctl: 219, perf_event_open: 241, process_vm_writev: 271, bpf: 280, userfaultfd: 282 },
    allowed: {
      openat: 56,
      read: 63,
      write: 64,
      exit: 93,
      unshare: 97,
      clone: 220,
      execve: 221,
      mmap: 222,
      clone3: 435,
    },
  },
} as const;
const NEW = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
};

interface Call {
  number: number;
  audit: number;
  request?: number;
}

/** The instructions that the filter uses, as the kernel carries them out. */
function answerTo({ number, audit, request = 0 }: Call, program: Buffer): number {
  const data: Record<number, number> = { 0: number, 4: audit, 24: request };
  let value = Number.NaN;
  for (let at = 0; at < program.length; at += 8) {
    const [code, k] = [program.readUInt16LE(at), program.readUInt32LE(at + 4)];
    const [yes, no] = [program.readUInt8(at + 2) * 8, program.readUInt8(at + 3) * 8];
    if (code === 0x06) return k;
    if (code === 0x20) value = data[k] ?? Number.NaN;
    else if (code === 0x15) at += value === k ? yes : no;
    else if (code === 0x35) at += value >= k ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
  throw new Error("it ended without an answer");
}

describe.each(["x64", "arm64"] as const)("the filter for %s", (name) => {
  const program = filterProgram(name) ?? Buffer.alloc(0);
  const { audit, ioctl, refused, more, allowed } = TABLES[name];

  test.each(Object.entries({ ...refused, ...more, ...NEW }))("refuses %s", (_, number) => {
    expect(answerTo({ number, audit }, program)).toBe(EPERM);
  });

  test.each(Object.entries(allowed))("lets %s through", (_, number) => {
    expect(answerTo({ number, audit }, program)).toBe(ALLOWED);
  });

  test("refuses of ioctl only what types into a terminal", () => {
    expect(answerTo({ number: ioctl, audit, request: TIOCSTI }, program)).toBe(EPERM);
    expect(answerTo({ number: ioctl, audit, request: TIOCGWINSZ }, program)).toBe(ALLOWED);
  });

  test("knows no calls of another architecture, whatever their number", () => {
    for (const number of [0, 1, 21, 101, 250]) expect(answerTo({ number, audit: I386 }, program)).toBe(ENOSYS);
    for (const number of [0, 101, 521]) expect(answerTo({ number: 0x4000_0000 + number, audit }, program)).toBe(ENOSYS);
  });
});

test("numbers of x32 are refused without its bit, too, and their neighbours are not", () => {
  const answers = [511, 512, 514, 521, 547, 548].map((number) =>
    answerTo({ number, audit: TABLES.x64.audit }, filterProgram("x64") ?? Buffer.alloc(0)),
  );
  expect(answers).toEqual([ALLOWED, EPERM, EPERM, EPERM, EPERM, ALLOWED]);
});

test("there is none where nobody tried one", () => {
  expect(filterProgram("riscv64")).toBeUndefined();
});

test("its file is whole, however a start of Forkjoin was cut off before", () => {
  const home = mkdtempSync(join(tmpdir(), "forkjoin-filter-"));
  const program = filterProgram("x64") ?? Buffer.alloc(0);
  const file = filterFile(home, program);
  writeFileSync(file, program.subarray(0, 9));
  expect(filterFile(home, program)).toBe(file);
  expect(readFileSync(file).equals(program)).toBe(true);
  rmSync(home, { recursive: true });
});

const KEYCTL = { x64: TABLES.x64.more.keyctl, arm64: TABLES.arm64.more.keyctl };
const isFiltered = SANDBOX.works && SANDBOX.unfiltered === undefined && Object.hasOwn(KEYCTL, process.arch);

/** Inside, each must end as it says; `$1` is the number of keyctl. */
const INSIDE = `
perl -e 'exit(syscall($ARGV[0], 0, -3, 0) == -1 && $!{EPERM} ? 0 : 1)' "$1" || exit 11
unshare -Urm true 2>/dev/null && unshare -Urm mount -t tmpfs x /mnt 2>/dev/null && exit 12
node -e 'require("fs").writeFileSync("n", "1")' || exit 13
git init -q r && git -C r -c user.name=A -c user.email=a@b commit -q --allow-empty -m x || exit 14
npm --version > /dev/null || exit 15
test -w /proc/sys/kernel/core_pattern && exit 16
exit 0
`;

seldom(
  "in a real sandbox keyrings and mounts are refused, and node, git and npm work",
  async ({ skip }) => {
    if (!isFiltered) skip("no sandbox with a filter here");
    const home = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-filter-")));
    const folder = join(home, "workspaces", "w");
    for (const part of ["tree", "home", "tmp", "outbox"]) mkdirSync(join(folder, part), { recursive: true });
    const number = String(process.arch === "arm64" ? KEYCTL.arm64 : KEYCTL.x64);
    const [program = "", ...args] = bubblewrap(home).enclose({
      ...{ command: ["sh", "-c", INSIDE, "inside", number], directory: join(folder, "tree"), folder, network: false },
      ...{ installed: NOTHING_INSTALLED, shown: [], hidden: [], borrowed: [], granted: [], guarded: [] },
    });
    const { status, stderr } = spawnSync(program, args, { encoding: "utf8", timeout: 60_000 });
    rmSync(home, { recursive: true });
    expect([status, stderr]).toEqual([0, ""]);
  },
  90_000,
);
