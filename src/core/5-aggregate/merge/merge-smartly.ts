/** Phase 5.2 — the paths git gave up, one by one; lock files last, since their tools may need the merged manifests. */
import { folderOf, nameOf } from "../../code/file-set.ts";
import type { MergeMethod } from "../../model/merge-method.ts";
import { ownValue } from "../../model/own-value.ts";
import type { TreeEntry } from "../../ports/repository.ts";
import type { MergePorts } from "../merge-ports.ts";
import { textsOf } from "../read-texts.ts";
import { isLockFile } from "../smart-merge/lock-files.ts";
import { smartMerge } from "../smart-merge/smart-merge.ts";
import type { ContestedPath, MergeRequest } from "./contested-path.ts";
import type { GitMerge } from "./merge-by-git.ts";

export interface SmartlyMerged {
  contested: ContestedPath;
  by: MergeMethod[];
  /** absent while something is contested */
  entry?: TreeEntry;
}

interface Work {
  request: MergeRequest;
  git: GitMerge;
}

export async function mergeSmartly(ports: MergePorts, work: Work): Promise<SmartlyMerged[]> {
  const locks = work.git.contested.filter(({ path }) => isLockFile(path));
  const others = work.git.contested.filter(({ path }) => !isLockFile(path));
  const done: SmartlyMerged[] = [];
  for (const contested of [...others, ...locks]) {
    const found = await mergeOne(ports, contested, work);
    const left = found.entry === undefined && isLockFile(contested.path);
    done.push(left ? await writtenAnew(ports, found, { work, done }) : found);
  }
  return done;
}

async function mergeOne(ports: MergePorts, contested: ContestedPath, { request }: Work): Promise<SmartlyMerged> {
  const { path } = contested;
  if (contested.whole) return { contested, by: [] };
  const names = await request.names(path);
  const result = await smartMerge(ports, { ...contested, settings: request.settings, names });
  if (result === undefined) return { contested, by: [] };
  const mode = modeOf(contested);
  if (result.text === undefined || mode === undefined) {
    const keys = result.clashes.length === 0 ? "" : ` (${result.clashes.slice(0, 5).join(", ")})`;
    return { contested: { ...contested, why: `${contested.why}${keys}`, proposal: result.proposal }, by: result.by };
  }
  const by: MergeMethod[] = result.by.length === 0 ? ["git"] : result.by;
  return { contested, by, entry: { mode, blob: await ports.repository.writeBlob(result.text) } };
}

/** File mode that one side changed; undefined where both changed it, each in its own way. */
function modeOf({ base, ours, theirs }: ContestedPath): string | undefined {
  if (ours?.mode === theirs?.mode || theirs?.mode === base?.mode) return ours?.mode;
  return ours?.mode === base?.mode ? theirs?.mode : undefined;
}

const MANIFESTS =
  /^(package\.json|\.npmrc|pnpm-workspace\.yaml|Cargo\.toml|pyproject\.toml|go\.mod|composer\.json|Gemfile|requirements\.in)$/;
const MOST_MANIFESTS = 500;

/** By its own tool, where the operator named one, and only once the manifests around it are settled. */
async function writtenAnew(
  ports: MergePorts,
  found: SmartlyMerged,
  { work, done }: { work: Work; done: SmartlyMerged[] },
): Promise<SmartlyMerged> {
  const { path, ours } = found.contested;
  const command = ownValue(work.request.settings.lock_files, nameOf(path));
  const mode = modeOf(found.contested);
  if (command === undefined || ours === undefined || mode === undefined) return found;
  const folder = folderOf(path);
  const inside = folder === "" ? "" : `${folder}/`;
  const isManifest = (file: string): boolean => file.startsWith(inside) && MANIFESTS.test(nameOf(file));
  if (done.some((one) => one.entry === undefined && isManifest(one.contested.path))) return found;
  const manifests = await manifestsOf(ports, { work, done, isManifest });
  const [lock] = await textsOf(ports.repository, [ours]);
  if (manifests === undefined || lock === undefined) return found;
  const files = new Map([...manifests, [path, lock] as const].map(([file, text]) => [file.slice(inside.length), text]));
  const text = await ports.mergeProgram.regenerate(command, files, nameOf(path));
  if (text === undefined) return found;
  return { ...found, by: ["lock_file"], entry: { mode, blob: await ports.repository.writeBlob(text) } };
}

/** As they are in the merged tree so far. */
async function manifestsOf(
  { repository }: MergePorts,
  { work, done, isManifest }: { work: Work; done: SmartlyMerged[]; isManifest(file: string): boolean },
): Promise<Map<string, string> | undefined> {
  const entries = new Map<string, TreeEntry | undefined>(await repository.files(work.request.sides.tip));
  for (const [path, entry] of work.git.entries) entries.set(path, entry);
  for (const { contested, entry } of done) if (entry !== undefined) entries.set(contested.path, entry);
  const wanted = [...entries].filter(([path, entry]) => entry !== undefined && isManifest(path));
  if (wanted.length > MOST_MANIFESTS) return undefined;
  const texts = await textsOf(
    repository,
    wanted.map(([, entry]) => entry),
  );
  const found = wanted.map(([path], at) => [path, texts[at]] as const);
  const known = found.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const]));
  return known.length === found.length ? new Map(known) : undefined;
}
