/** Phase 1.1 for a client without tasks: the repository as somebody must know it who is to cut the work into tasks. */

import { describeModules, type Looked } from "../1-decompose/help/describe-modules.ts";
import { filesOfRequest } from "../1-decompose/help/files-of-request.ts";
import { findTestCommands } from "../1-decompose/help/find-test-commands.ts";
import { hotFiles, likelyClashes } from "../1-decompose/help/likely-clashes.ts";
import { type BaseSurvey, surveyBase } from "../1-decompose/pattern/base-survey.ts";
import { fileEstimate } from "../1-decompose/pattern/estimate-files.ts";
import { selectFiles } from "../1-decompose/pattern/select-files.ts";
import { repositoryFor } from "../boundary/phase-boundaries.ts";
import { type DecompositionHelp, TASK_SHAPE } from "../model/decomposition-help.ts";
import { WorkPattern } from "../model/work-pattern.ts";
import type { Clock } from "../ports/clock.ts";
import type { Begun } from "../run/begin-run.ts";
import { proposePartitions } from "./propose-partitions.ts";

/** A repository without source files gives empty lists; nothing is stored. */
export async function helpDecompose(request: string, begun: Begun, clock: Clock): Promise<DecompositionHelp> {
  const repository = repositoryFor("phase_1_decompose", begun.repository);
  const base = await surveyBase({ repository, ...begun.code }, begun.run.base_commit);
  const { files, named } = filesOfRequest(request, sourcesOf(base));
  const figures = await base.figures(files);
  const looked: Looked = {
    base,
    files,
    edges: await base.imports(files),
    ms: (path) => fileEstimate(path, figures, false),
  };
  const history = await base.history();
  const include = named.length === 0 ? [] : includeOf(files, named);
  return {
    modules: describeModules(looked),
    hot_files: hotFiles(looked, history),
    test_commands: await findTestCommands(base.paths, base.text),
    clashes: likelyClashes(looked, history),
    partitions: await proposePartitions(
      { ...looked, description: request, include, now: () => clock.now() },
      begun,
      base,
    ),
    looked_at: lookedAt(files, named),
    send: TASK_SHAPE,
  };
}

/** Sources, or documents in a repository that has nothing else. */
function sourcesOf(base: BaseSurvey): string[] {
  for (const kind of ["file", "docs"] as const) {
    const found = selectFiles(WorkPattern.parse({ kind, description: kind }), base);
    if (found.ok) return found.value;
  }
  return [];
}

const MOST_INCLUDES = 200;

function includeOf(files: string[], named: string[]): string[] {
  const folders = named.filter((name) => name.includes("/") && !files.includes(name));
  const rest = files.filter((path) => !folders.some((folder) => path.startsWith(`${folder}/`)));
  return [...folders, ...rest].slice(0, MOST_INCLUDES);
}

function lookedAt(files: string[], named: string[]): string {
  const count = `${files.length} source ${files.length === 1 ? "file" : "files"}`;
  if (named.length === 0) return `all ${count}: the request names no path`;
  return `${count}, by what the request names: ${named.slice(0, 10).join(", ")}`;
}
