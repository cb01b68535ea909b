/** The call that usually follows an answer: named as a tool, shown as a command on the command line. */
import { z } from "zod";

export const NextStep = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()), why: z.string() });
export type NextStep = z.infer<typeof NextStep>;
