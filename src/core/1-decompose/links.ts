/** Symbolic links of the base commit: what a path that names one, or leads through one, stands for. */
import { ancestorsOf } from "../boundary/scope.ts";
import type { RepositoryReader } from "../ports/repository.ts";

const LINK = "120000";
const MAX_TARGET = 4_096;
/** As many links as one path leads through. */
const MOST = 20;

/** path → what is written in the link */
export type Links = Map<string, string>;

export async function linksOf(
  reader: RepositoryReader,
  files: Map<string, { mode: string; blob: string }>,
): Promise<Links> {
  const paths = [...files].filter(([, { mode }]) => mode === LINK);
  const targets = new Map<string, string>();
  const ids = [...new Set(paths.map(([, { blob }]) => blob))];
  await reader.blobs(ids, MAX_TARGET, async (portion) => {
    for (const [id, found] of portion) if ("content" in found) targets.set(id, new TextDecoder().decode(found.content));
  });
  return new Map(paths.flatMap(([path, { blob }]) => (targets.has(blob) ? [[path, targets.get(blob) ?? ""]] : [])));
}

/** The path without links on its way and at its end; undefined where there are none, or they lead out of the repository or in a circle. */
export function resolved(path: string, links: Links): string | undefined {
  let at = path;
  for (let step = 0; step < MOST; step += 1) {
    const link = [...ancestorsOf(at), at].find((part) => links.has(part));
    if (link === undefined) return step === 0 ? undefined : at;
    const target = joined(link, links.get(link) ?? "");
    if (target === undefined) return undefined;
    at = [target, at.slice(link.length + 1)].filter((part) => part !== "").join("/");
  }
  return undefined;
}

/** What the link at `link` names, from the repository's root. */
function joined(link: string, target: string): string | undefined {
  if (target.startsWith("/")) return undefined;
  const segments = link.split("/").slice(0, -1);
  for (const segment of target.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== "..") segments.push(segment);
    else if (segments.pop() === undefined) return undefined;
  }
  return segments.join("/");
}
