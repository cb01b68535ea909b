/** Patterns 1 to 4 — which of the selected files make one task. */
import type { WorkPattern } from "../../model/work-pattern.ts";
import type { BaseSurvey } from "./base-survey.ts";
import { coupledParts } from "./coupled-parts.ts";
import { cutToSize, type SizeLimit } from "./cut-to-size.ts";
import { moduleFolders } from "./module-folders.ts";

export interface FileGroup {
  /** what the group is called: its file, its module's folder, or the file at its head */
  name: string;
  files: string[];
}

export interface GroupRequest {
  pattern: WorkPattern;
  files: string[];
  limit: SizeLimit;
}

export async function groupFiles({ pattern, files, limit }: GroupRequest, base: BaseSurvey): Promise<FileGroup[]> {
  if (pattern.kind !== "module") return oneByOne(files, { ...limit, most_files: pattern.per_task ?? 1 });
  if (pattern.by === "coupling") {
    const parts = coupledParts(files, { edges: await base.imports(files), limit });
    return parts.map((part) => ({ name: part[0] ?? "", files: part }));
  }
  return folderGroups(files, { base, limit });
}

/** Modules in the order of their names; one that is too much work for a task falls into its own folders, then into runs of files. */
export function folderGroups(files: string[], { base, limit }: { base: BaseSurvey; limit: SizeLimit }): FileGroup[] {
  const modules = moduleFolders(files, base.paths);
  return [...modules].flatMap(([folder, own]) => {
    const parts = cutToSize(own, limit);
    if (parts.length === 1) return [{ name: folder === "" ? (own[0] ?? "") : folder, files: own }];
    if (modules.size > 1) return folderGroups(own, { base, limit });
    return parts.map((part) => ({ name: part[0] ?? "", files: part }));
  });
}

/** Neighbours share a task as far as `per_task` and half an hour allow. */
function oneByOne(files: string[], limit: SizeLimit): FileGroup[] {
  const groups = limit.most_files === 1 ? files.map((path) => [path]) : cutToSize(files, limit);
  return groups.map((group) => ({ name: group[0] ?? "", files: group }));
}
