/** The declaration every phase and task carries: `TASK_BOUNDARY / ACCESS / SCOPE`, as data that is enforced. */
import { z } from "zod";

/** Actions allowed inside a boundary. `read_only+test_execution` may run checks; neither read-only form may change a file. */
export const Access = z.enum(["read_only", "write", "write (distributed)", "read_only+test_execution"]);
export type Access = z.infer<typeof Access>;

/** `scope` holds scope entries for a task and one sentence for a phase. */
export const Boundary = z.object({
  task_boundary: z.string(),
  access: Access,
  scope: z.array(z.string()),
});
export type Boundary = z.infer<typeof Boundary>;

export function mayWrite(access: Access): boolean {
  return access === "write" || access === "write (distributed)";
}

/** `sandboxed`: held by the operating system while the agent wrote, and verified; `verified`: read from disk afterwards. */
export const Enforcement = z.enum(["sandboxed", "verified"]);
export type Enforcement = z.infer<typeof Enforcement>;

/** `auto`: a sandbox where this machine has one that works; `required`: nothing runs without; `off`: none. */
export const SandboxMode = z.enum(["auto", "required", "off"]);
export type SandboxMode = z.infer<typeof SandboxMode>;
