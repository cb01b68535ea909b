/** The user's checkout as bytes: what a run must leave exactly as it was. */
import { createHash } from "node:crypto";
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { git } from "./git.ts";

/** Everything that is the user's; `refs` leaves out what is Forkjoin's own. */
export interface Photograph {
  status: string;
  head: string;
  refs: string[];
  config: string;
  index: string;
  hooks: string[];
  worktree: string[];
}

export function photograph(checkout: string): Photograph {
  const gitDirectory = git(checkout, "rev-parse", "--absolute-git-dir").trim();
  const bare = git(checkout, "rev-parse", "--is-bare-repository").trim() === "true";
  const file = (name: string): string => join(gitDirectory, name);
  return {
    status: bare ? "" : git(checkout, "status", "--porcelain=v2", "--branch", "--untracked-files=all"),
    head: readFileSync(file("HEAD"), "utf8"),
    refs: git(checkout, "for-each-ref", "--format=%(refname) %(objectname)")
      .split("\n")
      .filter((ref) => !/^refs\/(heads\/)?forkjoin\//.test(ref)),
    config: existsSync(file("config")) ? digest(file("config")) : "",
    index: existsSync(file("index")) ? digest(file("index")) : "",
    hooks: existsSync(file("hooks")) ? readdirSync(file("hooks")).sort() : [],
    worktree: bare ? [] : entries(checkout, ""),
  };
}

function entries(root: string, folder: string): string[] {
  const names = readdirSync(join(root, folder)).sort();
  return names.flatMap((name) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (path === ".git") return [];
    const stats = lstatSync(join(root, path));
    if (stats.isDirectory()) return entries(root, path);
    const content = stats.isSymbolicLink() ? readlinkSync(join(root, path)) : digest(join(root, path));
    return [`${path} ${stats.mode.toString(8)} ${content}`];
  });
}

function digest(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
