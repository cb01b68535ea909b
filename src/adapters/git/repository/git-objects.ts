/** Trees and commits read and written without a process or an index for each: what a lane of many merges does most of the time. */
import { randomUUID } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CommitRequest, TreeChange, TreeEntry } from "../../../core/ports/repository.ts";
import type { GitPlace } from "../git.ts";
import { GitConversation, type ReadAnswer } from "./git-conversation.ts";

const TREE = "40000";
const NEWLINE = 10;

/** name (its bytes as latin1, so that none is lost) → entry; a folder has mode `40000` and the id of its tree */
type Tree = Map<string, TreeEntry>;

export type ObjectsCommit = Omit<CommitRequest, "parent"> & { parents: string[] };

export class GitObjects {
  readonly #place: GitPlace;
  readonly #written: string;
  readonly #conversations = new Map<string, GitConversation>();
  readonly #known = new Map<string, Promise<Tree>>();
  readonly #treeOf = new Map<string, Promise<string>>();

  /** Reads where `place` does, and writes into `written`, whatever is elsewhere. */
  constructor(place: GitPlace, written: string) {
    this.#place = place;
    this.#written = written;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#conversations.values()].map((conversation) => conversation.close()));
  }

  get #reader(): GitConversation {
    return this.#talk(this.#place, ["cat-file", "--batch"]);
  }

  get #trees(): GitConversation {
    return this.#talk({ ...this.#place, objects: this.#written }, ["mktree", "--batch", "-z", "--missing"]);
  }

  get #commits(): GitConversation {
    const place = { ...this.#place, objects: this.#written };
    return this.#talk(place, ["hash-object", "-t", "commit", "-w", "--stdin-paths"]);
  }

  /** Begun when it is first needed. */
  #talk(place: GitPlace, args: [string, ...string[]]): GitConversation {
    const talk = this.#conversations.get(args[0]) ?? new GitConversation(place, args);
    this.#conversations.set(args[0], talk);
    return talk;
  }

  /** The tree of a commit, or the tree itself. */
  treeOf(id: string): Promise<string> {
    const known = this.#treeOf.get(id) ?? this.#readTreeId(id);
    this.#treeOf.set(id, known);
    return known;
  }

  async changes(from: string, to: string): Promise<TreeChange[]> {
    const changes: TreeChange[] = [];
    await this.#compare("", [await this.treeOf(from), await this.treeOf(to)], changes);
    return changes.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  }

  async withEntries(tree: string, entries: Map<string, TreeEntry | undefined>): Promise<string> {
    const removals = [...entries].filter(([, entry]) => entry === undefined);
    const additions = [...entries].filter(([, entry]) => entry !== undefined);
    const shorn = await this.#replaced(tree, removals);
    return (await this.#replaced(shorn ?? (await this.#write(new Map())), additions)) ?? this.#write(new Map());
  }

  async commit(request: ObjectsCommit, identity: { name: string; email: string }): Promise<string> {
    const who = `${plain(identity.name)} <${plain(identity.email)}> ${Math.floor(request.at / 1_000)} +0000`;
    const parents = request.parents.map((parent) => `parent ${parent}`);
    const head = [`tree ${request.tree}`, ...parents, `author ${who}`, `committer ${who}`];
    const message = request.message.endsWith("\n") ? request.message : `${request.message}\n`;
    // Named like an object that git itself is writing: one that a killed process leaves is swept with the objects.
    const file = join(this.#written, `tmp_obj_${randomUUID()}`);
    await writeFile(file, `${head.join("\n")}\n\n${message}`);
    try {
      const id = await this.#commits.ask(`${file}\n`, readLine);
      this.#treeOf.set(id, Promise.resolve(request.tree));
      return id;
    } finally {
      await rm(file, { force: true });
    }
  }

  async #readTreeId(id: string): Promise<string> {
    const { type, content } = await this.#reader.ask(`${id}\n`, readObject);
    if (type === "tree") return id;
    const found = /^tree ([0-9a-f]+)/.exec(content.subarray(0, 80).toString("latin1"))?.[1];
    if (type !== "commit" || found === undefined) throw new Error(`${id} is no commit but ${type}`);
    return found;
  }

  #tree(id: string): Promise<Tree> {
    const known = this.#known.get(id) ?? this.#reader.ask(`${id}\n`, readObject).then((found) => parse(id, found));
    this.#known.set(id, known);
    return known;
  }

  async #compare(folder: string, [from, to]: [string | undefined, string | undefined], changes: TreeChange[]) {
    if (from === to) return;
    const before: Tree = from === undefined ? new Map() : await this.#tree(from);
    const after: Tree = to === undefined ? new Map() : await this.#tree(to);
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const [old, now] = [before.get(name), after.get(name)];
      if (old?.blob === now?.blob && old?.mode === now?.mode) continue;
      const path = `${folder}${Buffer.from(name, "latin1")}`;
      const trees: [string | undefined, string | undefined] = [treeId(old), treeId(now)];
      if (trees[0] !== undefined || trees[1] !== undefined) await this.#compare(`${path}/`, trees, changes);
      const [file, next] = [fileOf(old), fileOf(now)];
      if (file !== undefined || next !== undefined) changes.push({ path, before: file, after: next });
    }
  }

  /** The tree with the entries replaced, or undefined when nothing is left in it. */
  async #replaced(id: string | undefined, entries: [string, TreeEntry | undefined][]): Promise<string | undefined> {
    if (entries.length === 0) return id;
    const tree: Tree = new Map(id === undefined ? [] : await this.#tree(id));
    const below = new Map<string, [string, TreeEntry | undefined][]>();
    for (const [path, entry] of entries) {
      const slash = path.indexOf("/");
      const name = Buffer.from(slash === -1 ? path : path.slice(0, slash)).toString("latin1");
      if (slash === -1) put(tree, name, entry);
      else {
        below.set(name, [...(below.get(name) ?? []), [path.slice(slash + 1), entry]]);
      }
    }
    for (const [name, inner] of below) {
      if (treeId(tree.get(name)) === undefined && inner.every(([, entry]) => entry === undefined)) continue;
      const blob = await this.#replaced(treeId(tree.get(name)), inner);
      put(tree, name, blob === undefined ? undefined : { mode: TREE, blob });
    }
    return tree.size === 0 ? undefined : this.#write(tree);
  }

  async #write(tree: Tree): Promise<string> {
    const lines = [...tree].map(([name, { mode, blob }]) => `${padded(mode)} ${kindOf(mode)} ${blob}\t${name}\0`);
    const id = await this.#trees.ask(Buffer.from(`${lines.join("")}\0`, "latin1"), readLine);
    this.#known.set(id, Promise.resolve(tree));
    return id;
  }
}

function put(tree: Tree, name: string, entry: TreeEntry | undefined): void {
  if (entry === undefined) tree.delete(name);
  else tree.set(name, entry);
}

function treeId(entry: TreeEntry | undefined): string | undefined {
  return entry?.mode === TREE ? entry.blob : undefined;
}

function fileOf(entry: TreeEntry | undefined): TreeEntry | undefined {
  return entry?.mode === TREE ? undefined : entry;
}

function padded(mode: string): string {
  return mode.padStart(6, "0");
}

function kindOf(mode: string): string {
  return mode === TREE ? "tree" : mode === "160000" ? "commit" : "blob";
}

/** Text without the characters that git itself leaves out of a name. */
function plain(text: string): string {
  return text.replace(/[\n<>\0]/g, "").trim();
}

const readLine: ReadAnswer<string> = (bytes) => {
  const end = bytes.indexOf(NEWLINE);
  return end === -1 ? undefined : { answer: bytes.toString("latin1", 0, end), length: end + 1 };
};

const readObject: ReadAnswer<{ type: string; content: Buffer }> = (bytes) => {
  const end = bytes.indexOf(NEWLINE);
  if (end === -1) return undefined;
  const [, type = "", size = ""] = bytes.toString("latin1", 0, end).split(" ");
  if (size === "") return { answer: { type, content: Buffer.alloc(0) }, length: end + 1 };
  const length = end + 1 + Number(size) + 1;
  if (bytes.length < length) return undefined;
  return { answer: { type, content: Buffer.from(bytes.subarray(end + 1, length - 1)) }, length };
};

/** `mode SP name NUL id`, the id as bytes. */
function parse(id: string, { type, content }: { type: string; content: Buffer }): Tree {
  if (type !== "tree") throw new Error(`${id} is no tree but ${type}`);
  const tree: Tree = new Map();
  const width = id.length / 2;
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(32, at);
    const nul = content.indexOf(0, space);
    const mode = content.toString("latin1", at, space);
    const blob = content.toString("hex", nul + 1, nul + 1 + width);
    tree.set(content.toString("latin1", space + 1, nul), { mode: mode === TREE ? TREE : padded(mode), blob });
    at = nul + 1 + width;
  }
  return tree;
}
