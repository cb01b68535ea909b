/** System calls that nothing inside the sandbox may make: their names, and their numbers for each architecture that can call this kernel. */

/** One way to call the kernel, as its filter names it: native programs, or 32-bit ones beside them. */
export interface CallingConvention {
  /** AUDIT_ARCH_* of linux/audit.h */
  audit: number;
  /** each number is refused */
  refused: number[];
  ioctl: number;
  /** first and last number of ranges that are refused as a whole */
  ranges: [number, number][];
}

/** Since Linux 5.1 new calls have one number everywhere: io_uring, the newer ways to mount, mount_setattr and open_tree_attr. */
const SAME_EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 467];

/** In this order: mount, umount2, pivot_root, ptrace, add_key, request_key, keyctl, bpf, userfaultfd, perf_event_open, kexec_load, kexec_file_load. */
const X86_64 = [165, 166, 155, 101, 248, 249, 250, 321, 323, 298, 246, 320];
/** The same, and the older umount; it has no kexec_file_load. */
const I386 = [21, 52, 22, 217, 26, 286, 287, 288, 357, 374, 336, 283];
const AARCH64 = [40, 39, 41, 117, 217, 218, 219, 280, 282, 241, 104, 294];
const ARM = [21, 52, 218, 26, 309, 310, 311, 386, 388, 364, 347, 401];

/** x32 has 64-bit calls under numbers of its own: from bit 30 on, and on older kernels 512 to 547 without it. No program is shipped for it. */
const X32: [number, number][] = [
  [512, 547],
  [0x4000_0000, 0xffff_ffff],
];

/** By `process.arch`; an architecture that is not here has no filter. */
export const CONVENTIONS: Partial<Record<string, CallingConvention[]>> = {
  x64: [
    { audit: 0xc000_003e, refused: [...X86_64, ...SAME_EVERYWHERE], ioctl: 16, ranges: X32 },
    { audit: 0x4000_0003, refused: [...I386, ...SAME_EVERYWHERE], ioctl: 54, ranges: [] },
  ],
  arm64: [
    { audit: 0xc000_00b7, refused: [...AARCH64, ...SAME_EVERYWHERE], ioctl: 29, ranges: [] },
    { audit: 0x4000_0028, refused: [...ARM, ...SAME_EVERYWHERE], ioctl: 54, ranges: [] },
  ],
};
