/** The filter on system calls: what it answers to each call, read as the kernel reads it, and what a real process inside gets. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bubblewrap } from "../../../src/adapters/sandbox/bubblewrap.ts";
import { callFilter } from "../../../src/adapters/sandbox/call-filter.ts";
import { CONVENTIONS } from "../../../src/adapters/sandbox/system-calls.ts";
import { NOTHING_INSTALLED } from "../../../src/core/ports/workspace.ts";
import { SANDBOX } from "../../rig/sandbox.ts";

const [X86_64, I386, AARCH64, ARM, S390X] = [0xc000_003e, 0x4000_0003, 0xc000_00b7, 0x4000_0028, 0x8000_0016];
const TIOCSTI = 0x5412;
const TCGETS = 0x5401;

interface Call {
  audit: number;
  number: number;
  request?: bigint;
}

/** Runs the program over one call, with the machine of classic BPF as far as the filter needs it. */
function answerOf(arch: string, { audit, number, request = 0n }: Call): string {
  const program = callFilter(arch) ?? Buffer.alloc(0);
  const data = Buffer.alloc(64);
  data.writeUInt32LE(number, 0);
  data.writeUInt32LE(audit, 4);
  data.writeBigUInt64LE(request, 24);
  let loaded = 0;
  for (let at = 0; at * 8 < program.length; at += 1) {
    const [code, value] = [program.readUInt16LE(at * 8), program.readUInt32LE(at * 8 + 4)];
    const [yes, no] = [program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3)];
    if (code === 0x06) return value === 0x7fff_0000 ? "allowed" : value === 0x0005_0001 ? "EPERM" : "unknown";
    if (code === 0x20) loaded = data.readUInt32LE(value);
    else if (code === 0x15) at += loaded === value ? yes : no;
    else if (code === 0x35) at += loaded >= value ? yes : no;
    else if (code === 0x25) at += loaded > value ? yes : no;
    else return `unknown instruction ${code}`;
  }
  return "no answer";
}

describe("the call filter", () => {
  test.each([
    ["mount", "x64", { audit: X86_64, number: 165 }],
    ["ptrace", "x64", { audit: X86_64, number: 101 }],
    ["io_uring_setup", "x64", { audit: X86_64, number: 425 }],
    ["mount of x32", "x64", { audit: X86_64, number: 0x4000_0000 + 165 }],
    ["any call of x32", "x64", { audit: X86_64, number: 0xffff_ffff }],
    ["ptrace of x32 by its older number", "x64", { audit: X86_64, number: 521 }],
    ["mount of 32-bit programs", "x64", { audit: I386, number: 21 }],
    ["the older umount of 32-bit programs", "x64", { audit: I386, number: 22 }],
    ["a call of another architecture", "x64", { audit: S390X, number: 4 }],
    ["typing into a terminal", "x64", { audit: X86_64, number: 16, request: BigInt(TIOCSTI) }],
    ["the same with bits that the kernel ignores", "x64", { audit: X86_64, number: 16, request: 0x7_0000_5412n }],
    ["the same by a 32-bit program", "x64", { audit: I386, number: 54, request: BigInt(TIOCSTI) }],
    ["mount", "arm64", { audit: AARCH64, number: 40 }],
    ["keyctl", "arm64", { audit: AARCH64, number: 219 }],
    ["mount of 32-bit programs", "arm64", { audit: ARM, number: 21 }],
    ["typing into a terminal", "arm64", { audit: AARCH64, number: 29, request: BigInt(TIOCSTI) }],
  ])("refuses %s on %s", (_, arch, call) => {
    expect(answerOf(arch, call)).toBe("EPERM");
  });

  test.each([
    ["read", "x64", { audit: X86_64, number: 0 }],
    ["the last old call", "x64", { audit: X86_64, number: 334 }],
    ["clone3", "x64", { audit: X86_64, number: 435 }],
    ["ioctl of a terminal's size", "x64", { audit: X86_64, number: 16, request: BigInt(TCGETS) }],
    ["what mount is on 64 bits, of 32-bit programs", "x64", { audit: I386, number: 165 }],
    ["open", "arm64", { audit: AARCH64, number: 56 }],
  ])("allows %s on %s", (_, arch, call) => {
    expect(answerOf(arch, call)).toBe("allowed");
  });

  test("has an answer to every call, and is none on other architectures", () => {
    for (const [arch, conventions = []] of Object.entries(CONVENTIONS)) {
      for (const { audit, refused } of conventions) {
        const answers = Array.from({ length: 700 }, (_, number) => answerOf(arch, { audit, number }));
        const closed = answers.flatMap((answer, number) => (answer === "EPERM" ? [number] : []));
        expect(new Set(answers)).toEqual(new Set(["allowed", "EPERM"]));
        expect(closed).toEqual(expect.arrayContaining(refused));
      }
    }
    expect(callFilter("riscv64")).toBeUndefined();
  });
});

const NATIVE = CONVENTIONS[process.arch]?.[0];
const HAS_PERL = spawnSync("perl", ["-v"]).status === 0;

test.skipIf(!SANDBOX.works || NATIVE === undefined || !HAS_PERL)(
  "a process inside is refused what is listed, and lives on",
  () => {
    const home = mkdtempSync(join(tmpdir(), "forkjoin-filter-"));
    const folder = join(home, "workspace");
    for (const part of ["tree", "home", "tmp", "outbox"]) mkdirSync(join(folder, part), { recursive: true });
    const calls = NATIVE?.refused ?? [];
    const script = `for my $n (@ARGV) { $! = 0; syscall($n + 0, 0, 0, 0, 0, 0); print 0 + $!, " " } print "alive\\n"`;
    const [program = "", ...args] = bubblewrap(home).enclose({
      ...{
        command: ["perl", "-e", script, ...calls.map(String)],
        directory: join(folder, "tree"),
        folder,
        network: false,
      },
      ...{ installed: NOTHING_INSTALLED, hidden: [], borrowed: [], shown: [], granted: [], guarded: [] },
    });
    const inside = spawnSync(program, args, { encoding: "utf8", timeout: 30_000 });
    rmSync(home, { recursive: true, force: true });
    expect(inside.stdout).toBe(`${calls.map(() => "1 ").join("")}alive\n`);
  },
);
