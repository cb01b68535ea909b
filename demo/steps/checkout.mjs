/** What of a user's checkout a run must leave alone, as values that can be compared. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { git } from "./git.mjs";

export function photograph(project) {
  return {
    "branch checked out": git(project, ["symbolic-ref", "--short", "HEAD"]),
    "commit at HEAD": git(project, ["rev-parse", "--short", "HEAD"]),
    "changed or untracked files": git(project, ["status", "--porcelain", "--ignored"]) || "none",
    "branches and tags": ownRefs(project),
    index: digest(join(project, ".git", "index")),
    "git configuration": digest(join(project, ".git", "config")),
  };
}

/** One line per value that differs. */
export function changesBetween(before, after) {
  return Object.keys(before)
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name}: was ${before[name]}, is ${after[name]}`);
}

/** The user's own, without the branches that runs make. */
function ownRefs(project) {
  return git(project, ["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"])
    .split("\n")
    .filter((name) => !name.startsWith("forkjoin/"))
    .join(", ");
}

function digest(file) {
  return `sha256 ${createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 16)}`;
}
