/** Every way out of a task's boundary that the suite tries, as data: the table in docs/security.md is made from it. */
import { CHECK_ROUTES } from "./check-routes.ts";
import { FOLDER_ROUTES } from "./folder-routes.ts";
import { OWN_GIT_ROUTES, REPOSITORY_ROUTES } from "./git-routes.ts";
import { MACHINE_ROUTES } from "./machine-routes.ts";
import { PROCESS_ROUTES } from "./process-routes.ts";
import type { Route } from "./route.ts";
import { WORKSPACE_ROUTES } from "./workspace-routes.ts";

export const ROUTES: Route[] = [
  ...WORKSPACE_ROUTES,
  ...FOLDER_ROUTES,
  ...OWN_GIT_ROUTES,
  ...REPOSITORY_ROUTES,
  ...MACHINE_ROUTES,
  ...PROCESS_ROUTES,
  ...CHECK_ROUTES,
];

/** The table in docs/security.md. */
export function routeTable(): string {
  const rows = ROUTES.map(({ id, what, sandboxed, verified }) => {
    return [what, sandboxed, id === "network" ? "refused before anything starts" : verified];
  });
  const all = [["route", "`sandboxed`", "`verified`"], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((cells) => cells[column]?.length ?? 0)));
  const line = (cells: string[]): string => `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = all;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}
