/** The shape of a task as a model should send it; phase 1 itself judges the values, so that every problem comes back with its cure. */
import { z } from "zod";

/** A value of any kind, published as one of `type`: what it should be is said there, what it is gets judged later. */
function published(type: object, description?: string): z.ZodOptional<z.ZodUnknown> {
  return z
    .unknown()
    .meta({ ...type, ...(description === undefined ? {} : { description }) })
    .optional();
}

const TEXT = { type: "string" };
const TEXTS = { type: "array", items: TEXT };

export const ProposedTask = z.looseObject({
  id: published(TEXT, "lower-case; default task_001"),
  title: published(TEXT),
  description: published(TEXT, "the one change, in sentences"),
  files: published(TEXTS, 'all it may change: exact paths or "dir/**"'),
  estimated: published(TEXT, "such as 10min; at most 30min"),
  depends_on: published(TEXTS, "ids merged before"),
  conflicts_with: published(TEXTS),
  locks: published(TEXTS, "names only one task uses at a time"),
  modifies: published(TEXTS, "path#symbol"),
  risk_level: published({ type: "string", enum: ["low", "medium", "high"] }),
  access: published(TEXT),
  agent: published(TEXT),
  checks: published(TEXTS),
});
