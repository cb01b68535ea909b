/** What a way out of a task's boundary is: what it does, what it may reach for, and what each level does about it. */
import type { Step } from "../steps.ts";

/**
 * - `blocked` — the operating system refused it
 * - `contained` — it went into something private that goes with the attempt
 * - `detected` — the attempt was not accepted, and was told
 * - `undone` — detected, and put back as it was
 * - `noted` — said in the result; it may have been the user
 * - `unseen` — neither prevented nor noticed
 */
export type Outcome = "blocked" | "contained" | "detected" | "undone" | "noted" | "unseen";

/** What a route may reach for. */
export interface Targets {
  repository: string;
  /** the user's real home */
  home: string;
  /** a folder of somebody else, in the shared /tmp, with a file `secret` */
  elsewhere: string;
  /** Forkjoin's own folder */
  state: string;
  /** a socket on disk that somebody listens on */
  socket: string;
  /** a loopback port somebody listens on */
  port: number;
  /** a process of the user */
  pid: number;
}

export interface Route {
  id: string;
  what: string;
  steps(targets: Targets): Step[];
  sandboxed: Outcome;
  verified: Outcome;
  /** the path and the start of the rule that the next attempt is told, where the route is `detected` in the workspace */
  told?: string;
  /** true when the route had a lasting effect outside the workspace */
  leaked?(targets: Targets): boolean;
  /** it reaches for the user's repository: at level verified such routes run one at a time */
  alone?: boolean;
  network?: false;
  /** the agent that walks it, where it is not the usual one */
  agent?: "passing";
  /** its task has the check that runs `CHECKED` when the agent has ended */
  checked?: true;
  /** nothing of it can be kept: what it did is where nobody looks */
  unkept?: true;
  /** the machine is not to be harmed: not walked without the sandbox */
  harmful?: true;
  /** an inner `user` of root only */
  root?: true;
}

/** Files of the repository that the routes attack; the declared scope is `src/a.txt` and `src/dir/**`. */
export const FILES: Record<string, string> = {
  "src/a.txt": "a\n",
  "src/b.txt": "b\n",
  "src/dir/d.txt": "d\n",
  "other/c.txt": "c\n",
  ".gitignore": "cache/\nnode_modules/\n*.log\n",
};
/** What the check `planted` runs, if it is there. */
export const CHECKED = "src/dir/check.sh";
export const SCOPE: string[] = ["src/a.txt", "src/dir/**"];

export const both = (outcome: Outcome): Pick<Route, "sandboxed" | "verified"> => ({
  sandboxed: outcome,
  verified: outcome,
});
export const blocked = { sandboxed: "blocked", verified: "detected" } as const;
