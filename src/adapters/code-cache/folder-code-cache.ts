/** The code cache as a folder of packs: each a file named after its own content's sum, so that a damaged one is noticed and forgotten. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { CodeFacts } from "../../core/model/code-facts.ts";
import type { CodeCache } from "../../core/ports/code-cache.ts";
import { keyOfLine, readLine, writeLine } from "./facts-line.ts";

/** More packs than this are joined into one. */
const MAX_PACKS = 6;
/** The largest cache of one repository, in bytes of its packs; beyond it the old packs are dropped. */
const MAX_BYTES = 200_000_000;
const MAX_TEXTS = 8;
const PACK = ".pack";
const ASIDE = ".tmp";
const DAY_MS = 86_400_000;

/** `folder` is for one repository; `version` is the analyser's: facts of another version are out of reach. */
export function folderCodeCache(folder: string, version: string): CodeCache {
  return new FolderCodeCache(join(folder, `v${version}`));
}

class FolderCodeCache implements CodeCache {
  readonly #folder: string;
  /** a line of a pack until it is asked for */
  #loaded: Promise<Map<string, CodeFacts | string>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async facts(keys: string[]): Promise<Map<string, CodeFacts>> {
    this.#loaded ??= this.#load();
    const all = await this.#loaded;
    const found = new Map<string, CodeFacts>();
    for (const key of keys) {
      const kept = all.get(key);
      if (kept === undefined) continue;
      const facts = typeof kept === "string" ? readLine(kept) : kept;
      all.set(key, facts);
      found.set(key, facts);
    }
    return found;
  }

  async keepFacts(facts: Map<string, CodeFacts>): Promise<void> {
    const all = await (this.#loaded ?? this.#load());
    for (const [key, value] of facts) all.set(key, value);
    this.#loaded = Promise.resolve(all);
    await quietly(async () => {
      const packs = await this.#packs();
      const join = packs.length >= MAX_PACKS;
      const lines = [...(join ? all : facts)].map(([key, kept]) =>
        typeof kept === "string" ? kept : writeLine(key, kept),
      );
      const pack = Buffer.from(lines.join("\n"));
      await this.#place(nameOf(pack), pack);
      if (join) await Promise.all(packs.map((name) => rm(`${this.#folder}/${name}`, { force: true })));
    });
  }

  async text(name: string): Promise<string | undefined> {
    const stored = await readFile(join(this.#folder, fileName(name)), "utf8").catch(() => "");
    const end = stored.indexOf("\n");
    const body = stored.slice(end + 1);
    return end > 0 && stored.slice(0, end) === hashOf(body) ? body : undefined;
  }

  async keepText(name: string, text: string): Promise<void> {
    await quietly(async () => {
      const names = (await readdir(this.#folder).catch(() => [])).filter((file) => file.endsWith(".txt")).sort();
      const old = names.length < MAX_TEXTS ? [] : names;
      await Promise.all(old.map((file) => rm(join(this.#folder, file), { force: true })));
      await this.#place(fileName(name), `${hashOf(text)}\n${text}`);
    });
  }

  async #load(): Promise<Map<string, CodeFacts | string>> {
    const all = new Map<string, CodeFacts | string>();
    let bytes = 0;
    await this.#sweep();
    for (const name of await this.#packs()) {
      const pack = await readFile(join(this.#folder, name)).catch(() => Buffer.alloc(0));
      bytes += pack.length;
      if (name !== nameOf(pack) || bytes > MAX_BYTES)
        await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
      else for (const line of pack.toString().split("\n")) all.set(keyOfLine(line), line);
    }
    return all;
  }

  async #packs(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(PACK)).sort();
  }

  /** What a killed process had written aside. */
  async #sweep(): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    for (const file of names.filter((name) => name.endsWith(ASIDE)).map((name) => join(this.#folder, name))) {
      await quietly(async () => {
        if ((await stat(file)).mtimeMs < Date.now() - DAY_MS) await rm(file, { force: true });
      });
    }
  }

  /** Whole or not at all: written aside, then renamed. */
  async #place(name: string, content: string | Buffer): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const aside = join(this.#folder, `${randomUUID()}${ASIDE}`);
    await writeFile(aside, content);
    await rename(aside, join(this.#folder, name));
  }
}

/** A sum and the length: it is accidents that are to be noticed. */
function nameOf(pack: Buffer): string {
  return `${crc32(pack).toString(16)}-${pack.length}${PACK}`;
}

function fileName(name: string): string {
  return `${hashOf(name)}.txt`;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A cache that cannot be written is only slower. */
async function quietly(work: () => Promise<void>): Promise<void> {
  await work().catch(() => undefined);
}
