/** Names that end up in branch names, refs and folder names: checked once, at the edge. */
import { z } from "zod";

const TASK_ID = /^[a-z0-9][a-z0-9._-]{0,63}$/;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/;

/** A task id: at most 64 characters, safe as a git ref component and as a file name on every platform. */
export const TaskId: z.ZodType<string> = z
  .string()
  .regex(TASK_ID, "must match ^[a-z0-9][a-z0-9._-]{0,63}$ (lower case letters, digits, dot, dash, underscore)")
  .refine((id) => !id.includes("..") && !id.endsWith(".") && !id.endsWith(".lock") && !RESERVED.test(id), {
    message: "is not usable as a git ref or file name (no `..`, no final dot, no `.lock`, no reserved device name)",
  });

export const RunId: z.ZodType<string> = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "must be a run id as returned by Forkjoin");

/** The name of an agent, check or lock. */
export const Name: z.ZodType<string> = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$/,
    "must be a name of letters, digits, dot, dash, slash, underscore (64 at most)",
  );
