/** What the crash rig tries: a small repository, real agents, and acts of a user, each of which goes on when its process was killed. */
import type { Room } from "./room.ts";

/** How an act's process ended: its exit code, or null when it was killed; what it said for people, and the document it printed. */
export interface Ended {
  code: number | null;
  said: string;
  printed?: unknown;
}

export interface Act {
  /** the command, or `server`: what its process is called in points */
  name: string;
  begin(room: Room): Promise<Ended>;
  /** What a user does when the process has died. */
  again(room: Room): Promise<Ended>;
  /** exit codes of a right end */
  exits: (number | null)[];
}

export interface Scenario {
  name: string;
  files?: Record<string, string>;
  config?: Record<string, unknown>;
  /** the task file */
  tasks: Record<string, unknown>[] | Record<string, unknown>;
  /** task id, or a pattern of the shell's `case` → shell script of its agent, in which `forkjoin` is the command line */
  agents: Record<string, string>;
  /** more files beside the repository, by name */
  beside?: Record<string, string>;
  /** done once, undisturbed; each point begins with what they left */
  prepared?: Act[];
  acts: Act[];
  /** commands that agents give, killed as well */
  inside?: string[];
  /** the user's checkout changes, because the user asked for it */
  lands?: boolean;
}
