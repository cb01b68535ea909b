/** PARALLELIZATION PATTERNS of the specification as a request: one change, made to every file, module, test file or document of a kind. */
import { z } from "zod";
import { Command } from "./task.ts";

export const PatternKind = z.enum(["file", "module", "test", "docs"]);
export type PatternKind = z.infer<typeof PatternKind>;

/** Fits a scope and a command line. */
export const MOST_PER_TASK = 150;

export const WorkPattern = z.strictObject({
  kind: PatternKind,
  /** globs over the base commit's paths; default: all tests, all documents, or all source files, as the kind says */
  include: z.array(z.string().min(1).max(256)).max(200).default([]),
  /** what to do to each; `{files}` in it stands for the paths, else they are appended */
  description: z.string().trim().min(1).max(20_000),
  /** `module` only: a module is a package or folder, or a loosely coupled part of the import graph */
  by: z.enum(["folder", "coupling"]).default("folder"),
  /** estimated minutes of one task at most; small modules wait for less, large ones import less from each other */
  minutes: z.number().int().min(1).max(30).default(30),
  /** files in one task; 1 by default */
  per_task: z.number().int().min(1).max(MOST_PER_TASK).optional(),
  /** run instead of an agent; the word `{files}` becomes the task's paths, `{file}` its only one */
  command: Command.optional(),
});
export type WorkPattern = z.infer<typeof WorkPattern>;
