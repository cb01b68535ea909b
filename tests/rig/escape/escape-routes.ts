/** Every way out of a task's boundary that the suite tries, as data: the table in docs/security.md is made from it. */
import { OWN_GIT_ROUTES, REPOSITORY_ROUTES } from "./git-routes.ts";
import { MACHINE_ROUTES } from "./machine-routes.ts";
import type { Route } from "./route.ts";
import { WORKSPACE_ROUTES } from "./workspace-routes.ts";

export const ROUTES: Route[] = [...WORKSPACE_ROUTES, ...OWN_GIT_ROUTES, ...REPOSITORY_ROUTES, ...MACHINE_ROUTES];

/** The rows of the table in docs/security.md. */
export function routeTable(): string {
  const rows = ROUTES.map(({ id, what, sandboxed, verified }) => {
    const unsandboxed = id === "network" ? "refused before anything starts" : verified;
    return `| ${what} | ${sandboxed} | ${unsandboxed} |`;
  });
  return ["| route | `sandboxed` | `verified` |", "| --- | --- | --- |", ...rows].join("\n");
}
