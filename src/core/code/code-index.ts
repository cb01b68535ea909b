/** One commit's code: its files, the facts of those that were asked for, and where their imports lead. Reads only what is needed. */
import type { CodeFacts, ImportFact } from "../model/code-facts.ts";
import type { RepositoryReader } from "../ports/repository.ts";
import { type CodeSources, FactReader } from "./fact-reader.ts";
import { FileSet, nameOf } from "./file-set.ts";
import type { Target } from "./resolve/resolver.ts";
import { isConfiguration, resolvers } from "./resolve/resolvers.ts";

const MAX_TEXT_BYTES = 20_000_000;
const MAX_CONFIGURATION_BYTES = 1_000_000;

export class CodeIndex {
  readonly files: FileSet;
  /** links and submodules, which are no files to read, with their modes */
  readonly others: Map<string, string>;
  readonly #sources: CodeSources;
  readonly #blobs: Map<string, string>;
  readonly #reader: FactReader;
  readonly #facts = new Map<string, CodeFacts>();
  readonly #resolver: ReturnType<typeof resolvers>;

  readonly #factsOf = (path: string): CodeFacts | undefined => this.#facts.get(path);

  private constructor(sources: CodeSources, { blobs, others }: Entries, resolution: Resolution) {
    this.#sources = sources;
    this.#reader = new FactReader(sources);
    this.#blobs = blobs;
    this.others = others;
    this.files = resolution.files;
    this.#resolver = resolution.resolver;
  }

  /** `planned` are paths that do not exist yet, but will: an import of one leads there. */
  static async open(sources: CodeSources, commit: string, planned: string[] = []): Promise<CodeIndex> {
    const blobs = new Map<string, string>();
    const others = new Map<string, string>();
    for (const [path, { mode, blob }] of await sources.repository.files(commit)) {
      if (mode.startsWith("100")) blobs.set(path, blob);
      else others.set(path, mode);
    }
    return new CodeIndex(sources, { blobs, others }, await resolutionFor(sources.repository, blobs, planned));
  }

  /** Every path whose language is read to some depth, sorted. */
  codeFiles(): string[] {
    return [...this.#blobs.keys()].filter((path) => this.#sources.analyser.languageOf(path) !== undefined);
  }

  languageOf(path: string): string | undefined {
    return this.#sources.analyser.languageOf(path)?.language;
  }

  factsOf(path: string): CodeFacts | undefined {
    return this.#facts.get(path);
  }

  /** Files read so far, in the order they were asked for. */
  read(): [string, CodeFacts][] {
    return [...this.#facts];
  }

  /** The text of a file that is no source; undefined when it is too large or not there. */
  async text(path: string): Promise<string | undefined> {
    const blob = this.#blobs.get(path);
    let text: string | undefined;
    await this.#sources.repository.blobs(blob === undefined ? [] : [blob], MAX_TEXT_BYTES, async (portion) => {
      for (const found of portion.values()) if ("content" in found) text = new TextDecoder().decode(found.content);
    });
    return text;
  }

  targets(from: string, fact: ImportFact): Target[] {
    const language = this.#facts.get(from)?.language;
    return language === undefined ? [] : this.#resolver(language)(from, fact, this.#factsOf);
  }

  /** Makes the facts of `paths` known: from the cache, else by reading the source. */
  async load(paths: Iterable<string>): Promise<void> {
    const wanted = [...new Set(paths)].flatMap((path) => {
      const blob = this.#facts.has(path) ? undefined : this.#blobs.get(path);
      return blob === undefined ? [] : [{ path, blob }];
    });
    const found = await this.#reader.read(wanted);
    for (const file of wanted) {
      const facts = found.get(this.#reader.keyOf(file) ?? "");
      if (facts !== undefined) this.#facts.set(file.path, facts);
    }
  }
}

/** One commit's files by path, and what is none. */
interface Entries {
  blobs: Map<string, string>;
  others: Map<string, string>;
}

/** Resolution of imports, as far as the file list and the configuration decide it. */
interface Resolution {
  key: string;
  files: FileSet;
  resolver: ReturnType<typeof resolvers>;
}

const MOST_KEPT = 3;
const kept: Resolution[] = [];

/** In a running process, commits that differ in sources alone share what was resolved before. */
async function resolutionFor(
  repository: RepositoryReader,
  blobs: Map<string, string>,
  planned: string[],
): Promise<Resolution> {
  const configured = [...blobs].filter(([path]) => isConfiguration(nameOf(path))).map(([, blob]) => blob);
  const key = [...blobs.keys(), "", ...planned, "", ...configured].join("\n");
  const known = kept.find((one) => one.key === key);
  if (known !== undefined) return known;
  const files = new FileSet([...blobs.keys(), ...planned]);
  const { configuration, whole } = await readConfiguration(repository, blobs);
  const made = { key, files, resolver: resolvers({ files, configuration }) };
  if (whole) kept.unshift(made);
  kept.length = Math.min(kept.length, MOST_KEPT);
  return made;
}

/** `whole` unless content is missing, which a later fetch may bring. */
async function readConfiguration(
  repository: RepositoryReader,
  blobs: Map<string, string>,
): Promise<{ configuration: Map<string, string>; whole: boolean }> {
  const paths = [...blobs.keys()].filter((path) => isConfiguration(nameOf(path)));
  const texts = new Map<string, string>();
  const decoder = new TextDecoder();
  const ids = [...new Set(paths.map((path) => blobs.get(path) ?? ""))];
  let whole = true;
  await repository.blobs(ids, MAX_CONFIGURATION_BYTES, async (portion) => {
    for (const [blob, found] of portion) {
      if ("content" in found) texts.set(blob, decoder.decode(found.content));
      else if ("missing" in found) whole = false;
    }
  });
  const configuration = new Map<string, string>();
  for (const path of paths) {
    const text = texts.get(blobs.get(path) ?? "");
    if (text !== undefined) configuration.set(path, text);
  }
  return { configuration, whole };
}
