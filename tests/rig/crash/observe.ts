/** What a user can see of a run and of what it left, in a form that is the same for every run of a scenario. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { git } from "../git.ts";
import { processesOf } from "../processes.ts";
import type { Room } from "./room.ts";
import type { Ended } from "./scenario.ts";

export interface Observation {
  /** what the run came to */
  state: string;
  /** task → its status */
  tasks: Record<string, string>;
  /** tree of the run's branch */
  tree: string;
  /** tasks by the trailers of the branch's commits: one that is there twice was merged twice */
  merged: string[];
  refs: string[];
  /** what lies in Forkjoin's folder, logs left out */
  state_files: string[];
  locks: string[];
  processes: string[];
  /** the user's own files, branch and configuration are as they were */
  untouched: boolean;
  /** tree of the user's branch, and what is not committed */
  checkout: string;
  /** what `git fsck` found broken */
  damage: string[];
}

const Tasks = z.array(z.object({ task_id: z.string(), status: z.string() }));
const Report = z.object({ final_status: z.string(), tasks: Tasks });
const Status = z.object({
  state: z.string(),
  results: z.object({ batches: z.array(z.object({ tasks: Tasks })) }).optional(),
});

/** Processes that were just killed need an instant to be gone. */
const PATIENCE_MS = 3_000;

/** `last` is how the last act ended: where it printed a report, that is what is told of the run; else it is asked for. */
export async function observe(room: Room, last: Ended): Promise<Observation> {
  const processes = await lastProcesses(room);
  const id = await room.findRun();
  const { state, tasks } = told(last.printed) ?? (await asked(room, id));
  const branch = `refs/heads/forkjoin/${id}`;
  const refs = lines(git(room.repository, "for-each-ref", "--format=%(refname)"));
  const there = refs.includes(branch);
  const trailers = "--format=%(trailers:key=Forkjoin-Task,valueonly)";
  const root = lines(git(room.repository, "rev-list", "--max-parents=0", "HEAD")).at(0);
  return {
    state,
    tasks: Object.fromEntries(tasks.map((task) => [task.task_id, task.status])),
    tree: there ? git(room.repository, "rev-parse", `${branch}^{tree}`).trim() : "none",
    merged: there ? lines(git(room.repository, "log", trailers, `${root}..${branch}`)).sort() : [],
    refs: [...new Set(refs.map((ref) => room.shape(ref).replace(/\/\d+$/, "/N")))].sort(),
    state_files: shapesBelow(room),
    locks: below(join(room.repository, ".git")).filter((path) => path.endsWith(".lock")),
    processes,
    untouched: room.scenario.lands === true || room.checkoutUntouched,
    checkout: git(room.repository, "rev-parse", "HEAD^{tree}") + git(room.repository, "status", "--porcelain"),
    damage: fsck(room.repository),
  };
}

interface Told {
  state: string;
  tasks: z.infer<typeof Tasks>;
}

function told(printed: unknown): Told | undefined {
  const report = Report.safeParse(printed).data;
  return report === undefined ? undefined : { state: report.final_status, tasks: report.tasks };
}

async function asked(room: Room, id: string | undefined): Promise<Told> {
  const answer = id === undefined ? undefined : await room.cli(["status", id, "--json"]);
  if (answer?.code !== 0) return { state: "unknown", tasks: [] };
  const { state, results } = Status.parse(answer.printed);
  return { state, tasks: (results?.batches ?? []).flatMap((batch) => batch.tasks) };
}

async function lastProcesses(room: Room): Promise<string[]> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = processesOf(room.folder).map((line) => room.shape(line.replace(/^\d+ /, "")));
    if (found.length === 0 || Date.now() > end) return found;
    await delay(20);
  }
}

/** Logs, what is known of code, and the object databases of the engine: what is cut short there is swept when it is a day old. */
const UNCOUNTED = /^(logs|code)(\/|$)|^repositories\/[^/]+\/engine\.git\/(objects|written|packs)\//;

function shapesBelow(room: Room): string[] {
  const names = below(room.home).filter((path) => !UNCOUNTED.test(path));
  return [...new Set(names.map((path) => room.shape(path)))].sort();
}

function below(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" });
}

function fsck(repository: string): string[] {
  try {
    git(repository, "fsck", "--connectivity-only", "--no-dangling", "--no-progress");
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function lines(text: string): string[] {
  return text.split("\n").filter((line) => line !== "");
}
