/** Phase 0, actions 3 and 4: a path the graph asks for, in one spelling, with the reason that will be shown beside it. */

export interface WantedFile {
  /** relative to a root; a final `/` names a folder */
  path: string;
  reason: string;
}

/** `./guides//a.md` → `guides/a.md`, so that one file is one path. A leading and a final slash stay: they mean something. */
export function plainPath(written: string): string {
  const segments = written.split("/").filter((segment) => segment !== "" && segment !== ".");
  const path = segments.join("/");
  return `${written.startsWith("/") ? "/" : ""}${path}${path !== "" && written.endsWith("/") ? "/" : ""}`;
}
