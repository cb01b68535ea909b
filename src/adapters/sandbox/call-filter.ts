/** The filter on system calls inside the sandbox, as a program of classic BPF: what it refuses fails with EPERM, and nothing is killed. */
import { type CallingConvention, CONVENTIONS } from "./system-calls.ts";

/** Codes of linux/bpf_common.h, and offsets into `struct seccomp_data`. */
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_GREATER = 0x25;
const RETURN = 0x06;
const NUMBER_AT = 0;
const ARCH_AT = 4;
/** The low half of the second argument: the kernel, too, looks at no more of an ioctl's request. */
const REQUEST_AT = 24;

const ALLOW = 0x7fff_0000;
/** SECCOMP_RET_ERRNO with EPERM. */
const REFUSE = 0x0005_0001;

/** Requests that put input into a terminal, as if its user had typed it: TIOCSTI and TIOCLINUX. */
const TYPING = [0x5412, 0x541c];

/** code, jump if true, jump if false, value */
type Instruction = [number, number, number, number];

/** Bytes of the program for a machine of this architecture (`process.arch`), or undefined where its system calls are not known. */
export function callFilter(arch: string): Buffer | undefined {
  const conventions = CONVENTIONS[arch];
  if (conventions === undefined) return undefined;
  const program = [load(ARCH_AT), ...conventions.flatMap(block), answer(REFUSE)];
  return Buffer.concat(program.map(bytes));
}

/** Calls by this convention; those by another one go on behind it. */
function block({ audit, refused, ioctl, ranges }: CallingConvention): Instruction[] {
  const body = [
    load(NUMBER_AT),
    ...ranges.flatMap(([first, last]): Instruction[] => [
      [IF_AT_LEAST, 0, 2, first],
      [IF_GREATER, 1, 0, last],
      answer(REFUSE),
    ]),
    ...refused.flatMap(refuseEqual),
    [IF_EQUAL, 1, 0, ioctl] satisfies Instruction,
    answer(ALLOW),
    load(REQUEST_AT),
    ...TYPING.flatMap(refuseEqual),
    answer(ALLOW),
  ];
  return [[IF_EQUAL, 0, body.length, audit], ...body];
}

function refuseEqual(value: number): Instruction[] {
  return [[IF_EQUAL, 0, 1, value], answer(REFUSE)];
}

function load(offset: number): Instruction {
  return [LOAD, 0, 0, offset];
}

function answer(value: number): Instruction {
  return [RETURN, 0, 0, value];
}

/** `struct sock_filter`; all architectures here are little-endian. */
function bytes([code, jumpTrue, jumpFalse, value]: Instruction): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt16LE(code, 0);
  buffer.writeUInt8(jumpTrue, 2);
  buffer.writeUInt8(jumpFalse, 3);
  buffer.writeUInt32LE(value >>> 0, 4);
  return buffer;
}
