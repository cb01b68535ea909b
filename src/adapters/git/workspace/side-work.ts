/** Work that an attempt left in its own git directory beside its working tree: stashes and other branches, copied without running git there. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import type { Limits } from "../../../core/model/limits.ts";
import { gitList, gitText, type OwnGitPlace, runGit } from "../git.ts";
import { publishCommit } from "../repository/publish-commit.ts";
import type { HeldFolder } from "./held-folder.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { PrivateDesk } from "./private-desk.ts";
import { stageFiles } from "./stage-files.ts";

const OPEN = constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0);
const MAX_TEXT = 64_000;
const MAX_DEPTH = 20;
const MAX_TIPS = 20;
const HASH = /^([0-9a-f]{64}|[0-9a-f]{40})$/;
/** Objects as git stores them: nothing that leads to other folders. */
const OBJECT = /^([0-9a-f]{2}\/[0-9a-f]{38,62}|pack\/pack-[0-9a-f]{40,64}\.(pack|idx))$/;
/** A commit, a tree or a tag is read into memory as a whole. */
const MAX_PARSED_BYTES = 20_000_000;

/** What a stash or a branch leads to. */
interface Tip {
  name: string;
  commit: string;
}

/** Stashes and branches below `tree`'s `.git`, sorted, and the commit it was working on. */
async function tipsIn(tree: HeldFolder): Promise<{ tips: Tip[]; head: string | undefined }> {
  if (!tree.hasFolder(".git")) return { tips: [], head: undefined };
  using git = tree.below(".git");
  const refs = new Map<string, string>(packed(await textOf(git, "packed-refs")));
  if (git.hasFolder("refs")) {
    using folder = git.below("refs");
    const names = [...(await readManifest(folder, { prune: () => false, depth: MAX_DEPTH }))];
    const files = names.filter(([name, { kind }]) => kind === "file" && /^(heads\/|stash$)/.test(name));
    for (const [name] of files.slice(0, MAX_TIPS * 10)) refs.set(`refs/${name}`, (await textOf(folder, name)).trim());
  }
  const said = (await textOf(git, "HEAD")).trim();
  const head = said.startsWith("ref: ") ? refs.get(said.slice(5)) : said;
  const tips = [...refs]
    .filter(([name]) => name.startsWith("refs/heads/") && `ref: ${name}` !== said)
    .map(([name, commit]) => ({ name: `branch ${name.slice("refs/heads/".length)}`, commit }));
  const stashes = stashed(refs.get("refs/stash"), await textOf(git, "logs/refs/stash"));
  const valid = [...stashes, ...tips].filter(({ commit }) => HASH.test(commit));
  return { tips: valid.sort((a, b) => (a.name < b.name ? -1 : 1)), head: HASH.test(head ?? "") ? head : undefined };
}

function packed(text: string): [string, string][] {
  const rows = text.split("\n").map((line) => /^([0-9a-f]+) (refs\/(?:heads\/.+|stash))$/.exec(line));
  return rows.flatMap((row) => (row?.[1] === undefined || row[2] === undefined ? [] : [[row[2], row[1]]]));
}

/** The newest is the ref itself; its log knows the others, oldest first. */
function stashed(newest: string | undefined, log: string): Tip[] {
  if (newest === undefined) return [];
  const logged = log.split("\n").flatMap((line) => line.split(" ")[1] ?? []);
  const commits = [...new Set([newest, ...logged.reverse()])];
  return commits.map((commit, index) => ({ name: `stash@{${index}}`, commit }));
}

/** The start of a regular file; empty where there is none. */
async function textOf(folder: HeldFolder, path: string): Promise<string> {
  const [name = "", ...above] = path.split("/").reverse();
  const held: HeldFolder[] = [];
  try {
    let place = folder;
    for (const part of above.reverse()) {
      place = place.below(part);
      held.push(place);
    }
    return startOf(`${place.path}/${name}`);
  } catch {
    return "";
  } finally {
    for (const one of held.reverse()) one[Symbol.dispose]();
  }
}

function startOf(file: string): string {
  const descriptor = openSync(file, OPEN);
  try {
    if (!fstatSync(descriptor).isFile()) return "";
    const bytes = Buffer.alloc(MAX_TEXT);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, MAX_TEXT, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** How much of it is read, and into what. */
interface Bringing {
  desk: PrivateDesk;
  shadow: OwnGitPlace;
  base: string;
  limits: Limits;
}

/**
 * Those of the tips that hold something neither the base nor `head` has. Their objects are in the shadow's database then, each named by what it
 * is: `git index-pack --strict` computed the names and refused what is malformed. Throws where there is too much, or it is not whole.
 */
async function bringOver(
  tree: HeldFolder,
  { tips, head }: { tips: Tip[]; head: string | undefined },
  { desk, shadow, base, limits }: Bringing,
): Promise<Tip[]> {
  using git = tree.below(".git");
  using objects = git.below("objects");
  const known: Manifest = await readManifest(objects, { prune: () => false, depth: 3 });
  const wanted = [...known].filter(([path, { kind }]) => kind === "file" && OBJECT.test(path));
  const bytes = wanted.reduce((sum, [, { size }]) => sum + size, 0);
  if (bytes > limits.changes_mb * 1_000_000) throw new Error("it is more than limits.changes_mb");
  if (wanted.length > limits.files * 2) throw new Error("it is more than limits.files");
  const stage = await desk.fresh("own-objects");
  const paths = wanted.map(([path]) => path);
  if ((await stageFiles(paths, { root: objects, known, stage })) !== undefined) throw new Error("it was still written");
  if (paths.length === 0) return [];
  await checkSizes({ ...shadow, objects: stage }, limits);
  const place: OwnGitPlace = { ...shadow, borrowed: stage };
  const found: Tip[] = [];
  for (const tip of tips.slice(0, MAX_TIPS)) if (await isNew(place, tip, { base, head })) found.push(tip);
  if (found.length === 0) return [];
  const input = [...found.map(({ commit }) => commit), `^${base}`, ""].join("\n");
  const pack = await runGit(place, ["pack-objects", "-q", "--revs", "--stdout", "--window=0"], { input });
  await runGit(shadow, ["index-pack", "--strict", "--stdin"], { input: pack.stdout });
  return found;
}

/** What is small on disk may be huge when it is unpacked: objects say how large they are before they are. */
async function checkSizes(alone: OwnGitPlace, { file_mb, changes_mb }: Limits): Promise<void> {
  const rows = await gitText(alone, ["cat-file", "--batch-all-objects", "--batch-check=%(objecttype) %(objectsize)"]);
  let sum = 0;
  for (const row of rows.split("\n")) {
    const [type, size = "0"] = row.split(" ");
    sum += Number(size);
    const most = type === "blob" ? file_mb * 1_000_000 : Math.min(MAX_PARSED_BYTES, file_mb * 1_000_000);
    if (Number(size) > most) throw new Error("one of its objects is more than limits.file_mb");
  }
  if (sum > changes_mb * 1_000_000) throw new Error("unpacked it is more than limits.changes_mb");
}

async function isNew(place: OwnGitPlace, { commit }: Tip, known: { base: string; head: string | undefined }) {
  const above = [known.base, ...(known.head === undefined ? [] : [known.head])];
  const args = ["rev-list", "--max-count=1", commit, "--not", ...above];
  if ((await gitText(place, args)) === "") return false;
  return (await gitList(place, ["diff-tree", "-r", "-z", "--name-only", known.base, commit])).length > 0;
}

/** Where one of them is kept: a name that git takes, whatever the agent called it. */
function refFor(start: string, { name }: Tip, index: number): string {
  return `${start}-${name.startsWith("stash") ? "stash" : "branch"}-${index + 1}`;
}

/**
 * Keeps what is beside the working tree under refs that begin with `start`, and says so, one line for each; a line says as well what could
 * not be kept.
 */
export async function keepSideWork(
  open: () => HeldFolder,
  start: string,
  { places, ...bringing }: Bringing & { places: Parameters<typeof publishCommit>[0] },
): Promise<string[]> {
  try {
    using tree = open();
    const own = await tipsIn(tree);
    const lent = new Set(await bringing.desk.read<string[]>("lent-branches").catch(() => []));
    const tips = own.tips.filter(({ commit }) => !lent.has(commit));
    if (tips.length === 0) return [];
    const found = await bringOver(tree, { ...own, tips }, bringing);
    const said: string[] = [];
    for (const [index, tip] of found.entries()) {
      const ref = refFor(start, tip, index);
      const published = await publishCommit(places, bringing.shadow, { ref, to: tip.commit });
      said.push(
        published.ok ? `${quoted(tip)} is kept as ${ref}` : `${quoted(tip)} is lost: ${published.error.message}`,
      );
    }
    return said;
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split("\n")[0];
    return [`stashes and other branches of its own git directory could not be kept: ${why}`];
  }
}

/** Named by its agent: data. */
function quoted({ name }: Tip): string {
  return `${JSON.stringify(name.slice(0, 100))} of its own git directory`;
}
