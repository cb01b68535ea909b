/** A repository with the given files, and the evidence its code gives for tasks: what the tests of phase 2 over real code begin with. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openRepository } from "../../../src/adapters/git/repository/git-repository.ts";
import { locateRepository } from "../../../src/adapters/git/repository/repository-location.ts";
import { languageAnalyser } from "../../../src/adapters/language-analyser/language-analyser.ts";
import type { Evidence } from "../../../src/core/2-dependency/evidence.ts";
import { gatherEvidence } from "../../../src/core/2-dependency/gather-evidence.ts";
import { importEdges, loadWithTargets } from "../../../src/core/code/code-graph.ts";
import { CodeIndex } from "../../../src/core/code/code-index.ts";
import type { CodeSources } from "../../../src/core/code/fact-reader.ts";
import { referencesOf } from "../../../src/core/code/references.ts";
import type { CodeFacts } from "../../../src/core/model/code-facts.ts";
import type { Task } from "../../../src/core/model/task.ts";
import type { CodeCache } from "../../../src/core/ports/code-cache.ts";

export interface SampleRepository {
  folder: string;
  commit: string;
  sources: CodeSources;
  evidence(tasks: Task[]): Promise<Evidence>;
  index(): Promise<CodeIndex>;
  /** `from → to` for every import between files of the repository */
  imports(): Promise<string[]>;
  /** `from[within] → to#symbol` for every use of another file's symbol */
  uses(): Promise<string[]>;
  dispose(): void;
}

/** A cache that lasts as long as the test. */
export function memoryCache(): CodeCache {
  const facts = new Map<string, CodeFacts>();
  const texts = new Map<string, string>();
  return {
    facts: async (keys) => new Map(keys.flatMap((key) => [...entry(key, facts.get(key))])),
    keepFacts: async (found) => {
      for (const [key, value] of found) facts.set(key, value);
    },
    text: async (name) => texts.get(name),
    keepText: async (name, text) => {
      texts.set(name, text);
    },
  };
}

function entry(key: string, facts: CodeFacts | undefined): [string, CodeFacts][] {
  return facts === undefined ? [] : [[key, facts]];
}

/** Every map of files is one commit, in their order. */
export async function sampleRepository(...commits: Record<string, string | Uint8Array>[]): Promise<SampleRepository> {
  const folder = mkdtempSync(join(tmpdir(), "forkjoin-code-"));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", ...args], {
      cwd: folder,
      encoding: "utf8",
    });
  git("init", "--quiet", "repository");
  const root = join(folder, "repository");
  for (const files of commits) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    git("-C", root, "add", "--all", "--force");
    git("-C", root, "commit", "--quiet", "--allow-empty", "--message", "Change");
  }
  return openSample(folder, "repository");
}

/** The repository `folder/name` as it is, whoever made it. */
export async function openSample(folder: string, name: string): Promise<SampleRepository> {
  const located = await locateRepository(join(folder, name));
  if (!located.ok) throw new Error(located.error.message);
  const repository = await openRepository(located.value, join(folder, `engine-${name}.git`));
  const head = await repository.resolve("HEAD");
  if (!head.ok) throw new Error(head.error.message);
  const commit = head.value;
  const sources = { repository, analyser: languageAnalyser(), cache: memoryCache() };
  return { folder, commit, sources, ...questions(sources, commit), dispose: () => rmSync(folder, { recursive: true }) };
}

function questions(
  sources: CodeSources,
  commit: string,
): Pick<SampleRepository, "evidence" | "index" | "imports" | "uses"> {
  const index = async (): Promise<CodeIndex> => {
    const opened = await CodeIndex.open(sources, commit);
    await loadWithTargets(opened.codeFiles(), opened);
    return opened;
  };
  return {
    evidence: (tasks) => gatherEvidence(tasks, { ...sources, commit }),
    index,
    async imports() {
      const opened = await index();
      return importEdges(opened.codeFiles(), opened).map(({ from, to }) => `${from} → ${to}`);
    },
    async uses() {
      const opened = await index();
      return opened.codeFiles().flatMap((path) =>
        referencesOf(path, opened)
          .filter(({ to }) => to !== path)
          .map(({ within, to, symbol }) => `${path}[${within}] → ${to}#${symbol}`),
      );
    },
  };
}
