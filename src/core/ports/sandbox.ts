/** A wall around a process, put up by the operating system: phase 4's boundary at the moment of writing. */
import type { Boundary } from "../model/boundary.ts";
import type { ProcessLimits, UnheldLimit } from "../model/limits.ts";
import type { Installed } from "./workspace.ts";

/** Enclosure of a process: its command, and the places it may see and write; everything else of the machine is read-only or not there. */
export interface Enclosure {
  /** argv of what runs inside */
  command: string[];
  /** the workspace's tree: the working directory */
  directory: string;
  /** the private folder around it, with HOME, TMPDIR and the brief; its parts may be written, itself not */
  folder: string;
  /** what of the tree may be written; without one all of it, since the workspace is disposable */
  boundary?: Boundary;
  /** packages in the tree: writable, unless other workspaces have them, too */
  installed: Installed;
  network: boolean;
  /** how many processes and how much memory it may have, as far as the system limits that */
  limits?: ProcessLimits;
  /** the user's checkout and git directory: not there */
  hidden: string[];
  /** objects of the user's repository: visible, never writable */
  borrowed: string[];
  /** files and folders of hidden places that are to be read */
  shown: string[];
  /** folders the process is given to work with */
  granted: string[];
  /** files and folders inside `granted` that stay read-only */
  guarded: string[];
}

/** Whether the sandbox works on this machine, tried out with the very flags it uses. */
export type SandboxProbe =
  | {
      works: true;
      version: string;
      /** why system calls are not filtered, where they are not */
      unfiltered?: string;
    }
  | { works: false; why: string; cure: string };

export interface Sandbox {
  /** Tried once per process, then remembered. */
  probe(): SandboxProbe;
  /** The argv that starts the command inside. */
  enclose(enclosure: Enclosure): string[];
  /** Files that the command needs to start and that are not there inside, as far as its scripts say; sorted. */
  missing(command: string[], shown: string[]): string[];
  /** Why a folder cannot be shown or granted, or undefined. */
  placeProblem(path: string): string | undefined;
  /** Limits that nothing on this machine holds inside. */
  unlimited(limits: ProcessLimits): UnheldLimit[];
}
