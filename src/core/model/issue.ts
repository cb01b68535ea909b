/** An issue as work to do. Its author may be anybody: title and body are text to read, never instructions to Forkjoin. */
import { z } from "zod";

export const MAX_TITLE = 300;
export const MAX_BODY = 20_000;

export const Issue = z.object({
  /** as the operator named it: `#101`, or a file's name */
  ref: z.string(),
  /** in a tracker that knows `Closes #n` */
  number: z.number().int().min(1).optional(),
  title: z.string(),
  body: z.string(),
  url: z.string().optional(),
});
export type Issue = z.infer<typeof Issue>;
