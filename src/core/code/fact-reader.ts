/** Facts by content: from what was read before, else by reading the source; the same blob is never read twice (phases 2.2 and 5.2). */
import { type CodeFacts, emptyFacts } from "../model/code-facts.ts";
import type { CodeCache } from "../ports/code-cache.ts";
import type { LanguageAnalyser } from "../ports/language-analyser.ts";
import type { BlobContent, RepositoryReader } from "../ports/repository.ts";

export interface CodeSources {
  repository: RepositoryReader;
  analyser: LanguageAnalyser;
  cache: CodeCache;
}

/** A source file of any tree: its name says the language, its blob the content. */
export interface SourceBlob {
  path: string;
  blob: string;
}

/** Larger files are listed as skipped; their content is never fetched. */
const MAX_BYTES = 2_000_000;

/** Never kept: a later fetch may bring the content. */
const MISSING = "its content is not in this clone, or damaged";

export class FactReader {
  readonly #sources: CodeSources;

  constructor(sources: CodeSources) {
    this.#sources = sources;
  }

  /** Content and the ending of the name are all that facts depend on; undefined for files of no known language. */
  keyOf({ path, blob }: SourceBlob): string | undefined {
    if (this.#sources.analyser.languageOf(path) === undefined) return undefined;
    const ending = path.endsWith(".d.ts") ? "d.ts" : path.slice(path.lastIndexOf(".") + 1).toLowerCase();
    return `${ending}:${blob}`;
  }

  /** By `keyOf`; files of no known language are not in the answer. */
  async read(files: SourceBlob[]): Promise<Map<string, CodeFacts>> {
    const wanted = new Map<string, string>();
    for (const file of files) {
      const key = this.keyOf(file);
      if (key !== undefined && !wanted.has(key)) wanted.set(key, file.path);
    }
    if (wanted.size === 0) return new Map();
    const known = await this.#sources.cache.facts([...wanted.keys()]);
    const fresh = await this.#readAll([...wanted].filter(([key]) => !known.has(key)));
    const lasting = new Map([...fresh].filter(([, facts]) => facts.reason !== MISSING));
    if (lasting.size > 0) await this.#sources.cache.keepFacts(lasting);
    return new Map([...known, ...fresh]);
  }

  async #readAll(wanted: [key: string, path: string][]): Promise<Map<string, CodeFacts>> {
    const found = new Map<string, CodeFacts>();
    const byBlob = new Map<string, [key: string, path: string][]>();
    for (const [key, path] of wanted) {
      const blob = key.slice(key.indexOf(":") + 1);
      byBlob.set(blob, [...(byBlob.get(blob) ?? []), [key, path]]);
    }
    await this.#sources.repository.blobs([...byBlob.keys()], MAX_BYTES, async (portion) => {
      for (const [blob, content] of portion) {
        for (const [key, path] of byBlob.get(blob) ?? []) found.set(key, await this.#factsFrom(path, content));
      }
    });
    return found;
  }

  async #factsFrom(path: string, content: BlobContent): Promise<CodeFacts> {
    const { analyser } = this.#sources;
    if ("content" in content) return analyser.facts(path, content.content);
    const reason = "missing" in content ? MISSING : `larger than ${MAX_BYTES / 1_000_000} MB`;
    return emptyFacts(analyser.languageOf(path)?.language ?? "other", "skipped", reason);
  }
}
