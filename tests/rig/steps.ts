/** What a scripted agent does: steps as data, written by a test and carried out by a real process (agent.mjs). */

export type Step =
  | { do: "write" | "append"; path: string; text: string }
  | { do: "remove" | "fifo" | "folder"; path: string }
  | { do: "chmod"; path: string; mode: number }
  | { do: "symlink" | "hardlink" | "rename"; path: string; target: string }
  | { do: "run"; command: string[] }
  | { do: "print" | "hand_back"; text: string }
  | { do: "exit"; code: number }
  | { do: "child"; setsid: boolean; ignore_term: boolean }
  | { do: "attempt"; steps: Step[] }
  | { do: "execute"; command: string[] }
  | { do: "connect"; to: { path: string } | { host: string; port: number } }
  | { do: "signal"; pid: number }
  | { do: "ignore_term" | "end_at_term" | "forever" | "hold" };

/** One list of steps per attempt; the last one is used for every later attempt. */
export type Script = Record<string, Step[][]>;

/** Paths are relative to the workspace, or absolute. Folders are made as needed. */
export const write = (path: string, text: string): Step => ({ do: "write", path, text });
export const append = (path: string, text: string): Step => ({ do: "append", path, text });
export const remove = (path: string): Step => ({ do: "remove", path });
export const fifo = (path: string): Step => ({ do: "fifo", path });
export const folder = (path: string): Step => ({ do: "folder", path });
export const chmod = (path: string, mode: number): Step => ({ do: "chmod", path, mode });
export const symlink = (path: string, target: string): Step => ({ do: "symlink", path, target });
/** `path` becomes another name of the existing file `target`. */
export const hardlink = (path: string, target: string): Step => ({ do: "hardlink", path, target });
/** Moves `path` to `target`. */
export const rename = (path: string, target: string): Step => ({ do: "rename", path, target });
/** Runs a program in the workspace and waits for it; what it exits with does not matter. */
export const run = (...command: string[]): Step => ({ do: "run", command });
export const git = (...args: string[]): Step => run("git", ...args);
export const print = (text: string): Step => ({ do: "print", text });
/** Writes the file that FORKJOIN_OUTPUT_FILE names: an object as JSON, text as it is. */
export const handBack = (output: string | Record<string, unknown>): Step => {
  return { do: "hand_back", text: typeof output === "string" ? output : JSON.stringify(output) };
};
export const exit = (code: number): Step => ({ do: "exit", code });
/** Leaves a process behind that lives until it is killed; the agent goes on once that process is ready. */
export const child = (how: { setsid?: boolean; ignore_term?: boolean } = {}): Step => {
  return { do: "child", setsid: how.setsid ?? false, ignore_term: how.ignore_term ?? false };
};
export const ignoreTerm: Step = { do: "ignore_term" };
/** When it is asked to end it writes its last words, and ends. */
export const endAtTerm: Step = { do: "end_at_term" };
export const forever: Step = { do: "forever" };
/** Reports to the test and waits until the test releases it. */
export const hold: Step = { do: "hold" };
/** Tries each step; what is refused is written down beside the rig, and the agent goes on. */
export const attempt = (...steps: Step[]): Step => ({ do: "attempt", steps });
/** Runs a program; it must exit 0. */
export const execute = (...command: string[]): Step => ({ do: "execute", command });
export const sh = (script: string): Step => execute("sh", "-c", script);
export const connectTo = (to: { path: string } | { host: string; port: number }): Step => ({ do: "connect", to });
/** Looks whether the process can be signalled. */
export const signal = (pid: number): Step => ({ do: "signal", pid });
