/** The code cache as a folder of packs: each a file named after its own content's hash, so that a damaged one is noticed and forgotten. */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CodeFacts } from "../../core/model/code-facts.ts";
import type { CodeCache } from "../../core/ports/code-cache.ts";

/** More packs than this are joined into one. */
const MAX_PACKS = 6;
/** The largest cache of one repository, in packed characters; beyond it the old packs are dropped. */
const MAX_CHARACTERS = 200_000_000;
const MAX_TEXTS = 8;
const PACK = ".pack.json";

/** `folder` is for one repository; `version` is the analyser's: facts of another version are out of reach. */
export function folderCodeCache(folder: string, version: string): CodeCache {
  return new FolderCodeCache(join(folder, `v${version}`));
}

class FolderCodeCache implements CodeCache {
  readonly #folder: string;
  #loaded: Promise<Map<string, CodeFacts>> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async facts(keys: string[]): Promise<Map<string, CodeFacts>> {
    this.#loaded ??= this.#load();
    const all = await this.#loaded;
    const found = new Map<string, CodeFacts>();
    for (const key of keys) {
      const facts = all.get(key);
      if (facts !== undefined) found.set(key, facts);
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
      await this.#write(JSON.stringify([...(join ? all : facts)]), PACK);
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

  async #load(): Promise<Map<string, CodeFacts>> {
    const all = new Map<string, CodeFacts>();
    let characters = 0;
    for (const name of await this.#packs()) {
      const text = await readFile(join(this.#folder, name), "utf8").catch(() => "");
      characters += text.length;
      const whole = name === `${hashOf(text)}${PACK}`;
      if (!whole || characters > MAX_CHARACTERS)
        await rm(join(this.#folder, name), { force: true }).catch(() => undefined);
      else for (const [key, facts] of entries(text)) all.set(key, facts);
    }
    return all;
  }

  async #packs(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(PACK)).sort();
  }

  async #write(text: string, ending: string): Promise<void> {
    await this.#place(`${hashOf(text)}${ending}`, text);
  }

  /** Whole or not at all: written aside, then renamed. */
  async #place(name: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const aside = join(this.#folder, `${randomUUID()}.tmp`);
    await writeFile(aside, text);
    await rename(aside, join(this.#folder, name));
  }
}

/** The hash has vouched for the text: it is what this version wrote. */
function entries(text: string): [string, CodeFacts][] {
  const found: [string, CodeFacts][] = JSON.parse(text);
  return found;
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
