/** A filter of system calls for the sandbox: what no agent needs and what has led out of sandboxes is refused, by a program made here. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Values that the kernel's headers fix: linux/audit.h, linux/bpf_common.h, linux/seccomp.h, asm-generic/ioctls.h. */
const LOAD_WORD = 0x20;
const JUMP_EQUAL = 0x15;
const JUMP_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const REFUSE = 0x0005_0000;
const EPERM = 1;
const ENOSYS = 38;
const AT_NUMBER = 0;
const AT_ARCHITECTURE = 4;
/** Low half of the second argument; the kernel reads no more of an ioctl's request. */
const AT_REQUEST = 24;
/** Numbers from here on are x32 calls, which x86_64 knows beside its own. */
const X32 = 0x4000_0000;
/** Numbers of x32 alone, ptrace, ioctl and kexec among them; kernels before 5.4 take them without the bit, too. */
const ONLY_X32 = Array.from({ length: 36 }, (_, index) => 512 + index);
/** TIOCSTI and TIOCLINUX put text into the terminal as if it had been typed. */
const REQUESTS = [0x5412, 0x541c];

interface Architecture {
  audit: number;
  ioctl: number;
  /** mounts, tracing, keyrings, bpf, userfaultfd, io_uring, perf, kexec */
  refused: number[];
}

/** The same for all: open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr, open_tree_attr, io_uring_*. */
const COMMON = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 467];

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, Architecture>> = {
  x64: {
    audit: 0xc000_003e,
    ioctl: 16,
    // ptrace, pivot_root, mount, umount2, kexec, add_key, request_key, keyctl, perf, process_vm_*, kexec_file, bpf, userfaultfd
    refused: [101, 155, 165, 166, 246, 248, 249, 250, 298, 310, 311, 320, 321, 323, ...COMMON, ...ONLY_X32],
  },
  arm64: {
    audit: 0xc000_00b7,
    ioctl: 29,
    // umount2, mount, pivot_root, kexec, ptrace, add_key, request_key, keyctl, perf, process_vm_*, bpf, userfaultfd, kexec_file
    refused: [39, 40, 41, 104, 117, 217, 218, 219, 241, 270, 271, 280, 282, 294, ...COMMON],
  },
};

/**
 * The program as the kernel takes it, or undefined where there is none for the architecture. Calls of another architecture (32-bit
 * programs on a 64-bit system, x32) have other numbers, and would lead around it: they do not exist inside.
 */
export function filterProgram(name: NodeJS.Architecture): Buffer | undefined {
  const architecture = ARCHITECTURES[name];
  if (architecture === undefined) return undefined;
  const { audit, ioctl, refused } = architecture;
  const lines: [code: number, yes: number, no: number, value: number][] = [];
  // Jumps count the lines that are skipped; the last three are these answers.
  const length = 4 + refused.length + 2 + REQUESTS.length + 3;
  const [allow, refuse, unknown] = [length - 3, length - 2, length - 1];
  const to = (line: number): number => line - lines.length - 1;
  lines.push([LOAD_WORD, 0, 0, AT_ARCHITECTURE]);
  lines.push([JUMP_EQUAL, 0, to(unknown), audit]);
  lines.push([LOAD_WORD, 0, 0, AT_NUMBER]);
  lines.push([JUMP_AT_LEAST, to(unknown), 0, X32]);
  for (const number of refused) lines.push([JUMP_EQUAL, to(refuse), 0, number]);
  lines.push([JUMP_EQUAL, 0, to(allow), ioctl]);
  lines.push([LOAD_WORD, 0, 0, AT_REQUEST]);
  for (const request of REQUESTS) lines.push([JUMP_EQUAL, to(refuse), 0, request]);
  lines.push([RETURN, 0, 0, ALLOW], [RETURN, 0, 0, REFUSE | EPERM], [RETURN, 0, 0, REFUSE | ENOSYS]);
  return encoded(lines);
}

/** `struct sock_filter`, one after the other; both architectures are little-endian. */
function encoded(lines: [code: number, yes: number, no: number, value: number][]): Buffer {
  const program = Buffer.alloc(lines.length * 8);
  for (const [index, [code, yes, no, value]] of lines.entries()) {
    program.writeUInt16LE(code, index * 8);
    program.writeUInt8(yes, index * 8 + 2);
    program.writeUInt8(no, index * 8 + 3);
    program.writeUInt32LE(value, index * 8 + 4);
  }
  return program;
}

/** The file with the program below Forkjoin's folder; named by what it holds, so that versions do not meet. */
export function filterFile(home: string, program: Buffer): string {
  const folder = join(home, "probe");
  const file = join(folder, `calls-${createHash("sha256").update(program).digest("hex").slice(0, 12)}.bpf`);
  if (isWhole(file, program)) return file;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, program, { mode: 0o600 });
  renameSync(fresh, file);
  return file;
}

function isWhole(file: string, program: Buffer): boolean {
  try {
    return readFileSync(file).equals(program);
  } catch {
    return false;
  }
}

/** The start of an argv that opens the file as descriptor 9 and goes on as the sandbox; and the flag that names it. */
export function filtering(file: string): { before: string[]; flags: string[] } {
  return { before: ["/bin/sh", "-c", 'exec 9< "$0" && exec "$@"', file], flags: ["--seccomp", "9"] };
}
