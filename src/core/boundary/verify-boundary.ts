/** Phase 4's landing check: of everything that changed on disk, what lies inside the boundary and what breaks it. */
import type { Violation } from "../model/attempt.ts";
import { type Boundary, mayWrite } from "../model/boundary.ts";
import type { FileChange } from "../ports/workspace.ts";
import { parseScope, scopeContains } from "./scope.ts";

export interface BoundaryVerdict {
  /** paths to commit, sorted */
  accepted: string[];
  violations: Violation[];
}

/**
 * Judges `changes` by `boundary`. What git ignores by the base commit's own rules (caches, build output) is neither a
 * violation nor part of the result, unless the boundary names that exact path.
 */
export function verifyBoundary(changes: FileChange[], boundary: Boundary): BoundaryVerdict {
  const scopes = boundary.scope.map(parseScope);
  const accepted: string[] = [];
  const violations: Violation[] = [];
  for (const change of changes) {
    const inside = scopes.filter((scope) => scopeContains(scope, change.path));
    const named = inside.some((scope) => scope.kind === "file");
    if (change.ignored && !named) continue;
    if (change.forbidden !== undefined) {
      violations.push({ path: change.path, rule: change.forbidden, fix: "undo it: no task may produce this" });
    } else if (!mayWrite(boundary.access)) {
      violations.push({
        path: change.path,
        rule: `${change.change} under ${boundary.access} access`,
        fix: READ_ONLY_FIX,
      });
    } else if (inside.length === 0) {
      violations.push({ path: change.path, rule: `${change.change} outside the scope`, fix: OUTSIDE_FIX });
    } else if (change.kind !== "directory") {
      accepted.push(change.path);
    }
  }
  return { accepted: accepted.sort(), violations: violations.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

const READ_ONLY_FIX = "leave every file as it is: this task only reads";
const OUTSIDE_FIX = "leave this path as it is, or declare it in the task's `files`";
