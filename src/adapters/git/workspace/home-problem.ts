/** Whether workspaces can be made below Forkjoin's folder at all: it belongs to whoever runs this, and its disk knows links and owners. */
import { lstatSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { type Failure, failure } from "../../../core/model/failure.ts";

const ELSEWHERE = "set FORKJOIN_HOME to a folder of your own on a local disk";
/** What the link that is tried leads to. */
const NOWHERE = "nowhere";

/** Failure that would meet every attempt, told before the first. The link that was made once stays, as proof for later. */
export function homeProblem(home: string): Failure | undefined {
  const folder = join(home, "workspaces");
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return foreign([home, folder]) ?? linkProblem(home);
  } catch (error) {
    return refused(`FORKJOIN_HOME ${home} cannot hold workspaces: ${messageOf(error)}`);
  }
}

/** Another owner could put something else in the place of a workspace at any time. */
function foreign(paths: string[]): Failure | undefined {
  const self = process.geteuid?.();
  for (const path of paths) {
    const { uid } = statSync(path);
    if (self !== undefined && uid !== self)
      return refused(`FORKJOIN_HOME: ${path} belongs to user ${uid}, and this runs as user ${self}`);
  }
  return undefined;
}

/** Windows lets only some users make links; what git needs there it does without. */
function linkProblem(home: string): Failure | undefined {
  if (process.platform === "win32") return undefined;
  const link = join(home, "probe", "link");
  if (targetOf(link) !== NOWHERE) {
    mkdirSync(join(home, "probe"), { recursive: true, mode: 0o700 });
    rmSync(link, { recursive: true, force: true });
    try {
      symlinkSync(NOWHERE, link);
    } catch (error) {
      if (targetOf(link) === NOWHERE) return undefined;
      return refused(`FORKJOIN_HOME ${home} is on a disk without symbolic links: ${messageOf(error)}`);
    }
  }
  const { uid } = lstatSync(link);
  const self = process.geteuid?.() ?? uid;
  return uid === self
    ? undefined
    : refused(`FORKJOIN_HOME ${home}: files made there by user ${self} belong to user ${uid}`);
}

function refused(message: string): Failure {
  return failure("workspace_failed", message, ELSEWHERE);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch {
    return undefined;
  }
}
