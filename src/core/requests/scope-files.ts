/** The files of a task's scope as its client sees them: listed with their resources, and for clients without file tools with their content. */
import { parseScope, scopeContains } from "../boundary/scope.ts";
import type { Attempt } from "../model/attempt.ts";
import { failure } from "../model/failure.ts";
import { err, ok, type Result } from "../model/result.ts";
import type { OrchestratorPorts } from "../ports/orchestrator-ports.ts";
import type { RepositoryReader } from "../ports/repository.ts";
import { openSession } from "../run/run-session.ts";
import { taskOf } from "./task-views.ts";

const LINK = "120000";
const MAX_FILES = 200;
const MAX_FILE_BYTES = 100_000;
const MAX_TOTAL = 400_000;

export interface ScopeFile {
  path: string;
  uri: string;
  /** absent when it was not asked for, is binary, or would be too much */
  content?: string;
}

export interface Listing {
  run_id: string;
  task_id: string;
  /** commit whose files are shown */
  at: string;
  scope: string[];
  include_content: boolean;
}

/** Files that exist now inside the scope, sorted, 200 at most. */
export async function scopeFiles(listing: Listing, repository: RepositoryReader): Promise<ScopeFile[]> {
  const scopes = listing.scope.map(parseScope);
  const all = [...(await repository.files(listing.at))].filter(([, entry]) => entry.mode !== "160000");
  const inside = all.filter(([path]) => scopes.some((scope) => scopeContains(scope, path))).slice(0, MAX_FILES);
  const files: ScopeFile[] = [];
  let room = listing.include_content ? MAX_TOTAL : 0;
  for (const [path, { blob, mode }] of inside) {
    const read = room > 0 && mode !== LINK ? await repository.text(blob, Math.min(room, MAX_FILE_BYTES)) : undefined;
    const content = read !== undefined && "text" in read ? read.text : undefined;
    room -= content?.length ?? 0;
    files.push({ path, uri: fileUri(listing, path), ...(content === undefined ? {} : { content }) });
  }
  return files;
}

function fileUri({ run_id, task_id }: Listing, path: string): string {
  return `run://${run_id}/tasks/${task_id}/files/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The text of a file as the task's last attempt left it, or as it finds it while it works. */
export async function taskFile(
  where: { run_id: string; task_id: string; path: string },
  ports: Pick<OrchestratorPorts, "store" | "openRepository">,
): Promise<Result<string>> {
  const found = taskOf(where.run_id, where.task_id, ports);
  if (!found.ok) return found;
  const session = await openSession(where.run_id, ports);
  if (!session.ok) return session;
  const { run, repository } = session.value;
  const at = commitOf(found.value.attempts.at(-1)) ?? run.base_commit;
  const entry = (await repository.files(at)).get(where.path);
  const read = entry && (await repository.text(entry.blob, MAX_TOTAL));
  if (read !== undefined && "text" in read) return ok(read.text);
  const why = entry === undefined ? "is not there" : "is binary or too large to show";
  return err(failure("invalid_input", `${where.path} ${why} in task ${where.task_id}`, "claim_task lists its files"));
}

function commitOf(attempt: Attempt | undefined): string | undefined {
  return attempt?.change?.commit ?? attempt?.kept?.commit ?? attempt?.base;
}
