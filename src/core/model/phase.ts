/** The specification's six phases, in order, by their own ids. */
import { z } from "zod";

export const PHASES = [
  "phase_0_knowledge",
  "phase_1_decompose",
  "phase_2_dependency",
  "phase_3_batch",
  "phase_4_execute",
  "phase_5_aggregate",
] as const;

export const PhaseId = z.enum(PHASES);
export type PhaseId = z.infer<typeof PhaseId>;
