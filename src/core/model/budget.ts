/** Limits of time, tokens and cost for a run and each of its tasks: caps for admission, not for work that has begun. */
import { z } from "zod";
import { DurationText } from "./duration.ts";

const Dollars = z.number().positive();

export const Budget = z.strictObject({
  run: z
    .strictObject({
      cost_usd: Dollars.optional(),
      /** input and output together, as the agents report them */
      tokens: z.number().int().positive().optional(),
      /** since the first attempt began */
      wall: DurationText.optional(),
    })
    .default({}),
  task: z.strictObject({ cost_usd: Dollars.optional() }).default({}),
});
export type Budget = z.infer<typeof Budget>;
