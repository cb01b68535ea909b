/** What a workspace's own git knows of the user's refs: tags, the branches a base is compared with, and what those follow. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gitText } from "../git.ts";
import type { RepositoryLocation } from "../repository/repository-location.ts";

export interface LentRef {
  name: string;
  commit: string;
  /** for a branch: the remote's ref that it follows */
  upstream: string;
}

const USUAL = new Set(["main", "master", "trunk", "develop"]);
const MOST_TAGS = 20_000;

/** `base` is where the work starts: branches that are there are among them. */
export async function lentRefs({ root }: RepositoryLocation, base: string): Promise<LentRef[]> {
  const format = "--format=%(objectname)%09%(refname)%09%(upstream)%09%(symref)%09%(HEAD)";
  const text = await gitText({ cwd: root }, ["for-each-ref", format, "refs/heads", "refs/remotes", "refs/tags"]);
  const rows = text.split("\n").map((line) => line.split("\t"));
  const refs = rows.flatMap(([commit = "", name = "", upstream = "", symref = "", head = ""]) =>
    name === "" || name.startsWith("refs/heads/forkjoin") ? [] : [{ commit, name, upstream, symref, head }],
  );
  const defaults = new Set(refs.map(({ symref }) => symref).filter((symref) => symref !== ""));
  const isWanted = ({ name, head, commit }: (typeof refs)[number]): boolean =>
    head === "*" || commit === base || USUAL.has(name.slice("refs/heads/".length)) || followedByDefault(name, defaults);
  const branches = refs.filter((ref) => ref.name.startsWith("refs/heads/") && isWanted(ref)).slice(0, 50);
  const followed = new Set([...branches.map(({ upstream }) => upstream), ...defaults]);
  const remote = refs.filter(({ name, symref }) => symref === "" && followed.has(name));
  const tags = refs.filter(({ name }) => name.startsWith("refs/tags/")).slice(-MOST_TAGS);
  const lent = [...branches, ...remote, ...tags].map(({ name, commit, upstream }) => ({ name, commit, upstream }));
  return lent.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The local branch of a remote's default one. */
function followedByDefault(name: string, defaults: Set<string>): boolean {
  const branch = name.slice("refs/heads/".length);
  return [...defaults].some((one) => one.startsWith("refs/remotes/") && one.split("/").slice(3).join("/") === branch);
}

/** Written as `git pack-refs` does: a file each would be thousands. */
export async function writeLentRefs(gitDir: string, refs: LentRef[]): Promise<void> {
  if (refs.length === 0) return;
  await mkdir(dirname(join(gitDir, "packed-refs")), { recursive: true });
  await writeFile(join(gitDir, "packed-refs"), refs.map(({ commit, name }) => `${commit} ${name}\n`).join(""));
}

/** Remotes by address, so that relative ones of submodules resolve, and what branches follow; agents do not push. */
export function lentConfiguration({ remotes }: RepositoryLocation, refs: LentRef[]): string {
  const named = [...remotes].map(
    ([name, url]) =>
      `[remote "${name}"]\n\turl = ${JSON.stringify(url)}\n\tpushurl = agents-do-not-push\n\tfetch = "+refs/heads/*:refs/remotes/${name}/*"\n`,
  );
  const follow = refs.flatMap(({ name, upstream }) => {
    const remote = [...remotes.keys()].find((one) => upstream.startsWith(`refs/remotes/${one}/`));
    if (remote === undefined || !name.startsWith("refs/heads/") || /["\\]/.test(name)) return [];
    const branch = upstream.slice(`refs/remotes/${remote}/`.length);
    return [`[branch "${name.slice("refs/heads/".length)}"]\n\tremote = ${remote}\n\tmerge = "refs/heads/${branch}"\n`];
  });
  return [...named, ...follow].join("");
}
