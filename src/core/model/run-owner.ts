/** Owner of a run, as the run's record names it. */
import type { z } from "zod";
import { ProcessIdentity } from "./process-identity.ts";
import { WorkKind } from "./work-kind.ts";

/** The process that works on a run, and what for; no kind in records of earlier versions. */
export const RunOwner = ProcessIdentity.extend({ work: WorkKind.optional() });
export type RunOwner = z.infer<typeof RunOwner>;
