/** Phase 4's landing check: of everything that changed on disk, what lies inside the boundary and what breaks it. */
import type { Violation } from "../model/attempt.ts";
import { type Boundary, mayWrite } from "../model/boundary.ts";
import { isUnprintable, quotedName } from "../model/scope-pattern.ts";
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
    if (change.change === "created" && isUnprintable(change.path)) {
      violations.push({ path: quotedName(change.path), rule: UNPRINTABLE_RULE, fix: UNPRINTABLE_FIX });
    } else if (change.forbidden !== undefined) {
      violations.push({
        path: quotedName(change.path),
        rule: change.forbidden,
        fix: "undo it: no task may produce this",
      });
    } else if (!mayWrite(boundary.access)) {
      violations.push({
        path: quotedName(change.path),
        rule: `${change.change} under ${boundary.access} access`,
        fix: READ_ONLY_FIX,
      });
    } else if (inside.length === 0) {
      violations.push({ path: quotedName(change.path), rule: `${change.change} outside the scope`, fix: OUTSIDE_FIX });
    } else if (change.kind !== "directory") {
      accepted.push(change.path);
    }
  }
  return { accepted: accepted.sort(), violations: violations.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

const UNPRINTABLE_RULE = "a new name with control characters, line breaks or marks that reorder text";
const UNPRINTABLE_FIX = "give it a name that can be read";
const READ_ONLY_FIX = "leave every file as it is: this task only reads";
const OUTSIDE_FIX = "leave this path as it is, or declare it in the task's `files`";

/** Files inside a declared folder that git ignores: no violation, and not part of the result; sorted. */
export function ignoredInside(changes: FileChange[], boundary: Boundary): string[] {
  const scopes = boundary.scope.map(parseScope);
  const found = changes.filter(({ path, ignored, change, kind }) => {
    const inside = scopes.filter((scope) => scopeContains(scope, path));
    return (
      ignored &&
      change !== "deleted" &&
      kind === "file" &&
      inside.length > 0 &&
      inside.every((scope) => scope.kind === "tree")
    );
  });
  return found.map(({ path }) => path).sort();
}
