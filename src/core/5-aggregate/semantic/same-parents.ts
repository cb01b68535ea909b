/** Both sides add a migration that follows the same one (Alembic, Django): two heads, of which the tool accepts none until someone joins them (phase 5.2). */
import { folderOf, nameOf } from "../../code/file-set.ts";
import type { RepositoryReader, TreeChange } from "../../ports/repository.ts";
import { textsOf } from "../read-texts.ts";
import type { Finding } from "./finding.ts";

const SURE = 0.9;
const FOLDER = /(^|\/)(migrations?|alembic|versions)(\/|$)/i;

interface Migration {
  path: string;
  folder: string;
  /** what it calls itself */
  name: string;
  follows: { parent: string; line: number }[];
}

/** `ours` and `theirs`: files that side added. A chain of several on one side is one branch: its first one counts. */
export async function sameParents(
  repository: RepositoryReader,
  ours: TreeChange[],
  theirs: TreeChange[],
): Promise<Finding[]> {
  const first = await migrationsIn(repository, ours);
  if (first.length === 0) return [];
  const second = await migrationsIn(repository, theirs);
  return second.flatMap((mine) => twoHeads(first, mine).slice(0, 1));
}

function twoHeads(first: Migration[], mine: Migration): Finding[] {
  return mine.follows.flatMap(({ parent, line }) =>
    first.flatMap((other) => {
      const joined = isAfter(mine, other) || isAfter(other, mine);
      const same = other.folder === mine.folder && other.name !== mine.name && !joined;
      const theirs = same ? other.follows.find((one) => one.parent === parent) : undefined;
      if (theirs === undefined) return [];
      const why = `${mine.path} and ${other.path} both follow migration ${parent}: two heads`;
      const place = { kind: "migration" as const, path: other.path, line: theirs.line };
      const where = { symbol: parent, path: mine.path, line, side: "theirs" as const, confidence: SURE };
      return [{ kind: "migration" as const, ...where, why, other: place }];
    }),
  );
}

function isAfter(later: Migration, earlier: Migration): boolean {
  return later.follows.some(({ parent }) => parent === earlier.name);
}

async function migrationsIn(repository: RepositoryReader, changes: TreeChange[]): Promise<Migration[]> {
  const files = changes.filter(({ path }) => path.endsWith(".py") && FOLDER.test(`${folderOf(path)}/`));
  if (files.length === 0) return [];
  const texts = await textsOf(
    repository,
    files.map(({ after }) => after),
  );
  return files.flatMap(({ path }, index) => migrationOf(path, texts[index] ?? ""));
}

function migrationOf(path: string, text: string): Migration[] {
  const folder = folderOf(path);
  const revision = /^revision\s*(?::[^=\n]*)?=\s*(["'])([^"'\n]+)\1/m.exec(text)?.[2];
  if (revision !== undefined) return [{ path, folder, name: revision, follows: downRevisions(text) }];
  if (!/^class Migration\b/m.test(text)) return [];
  return [{ path, folder, name: nameOf(path).replace(/\.py$/, ""), follows: dependencies(text, appOf(folder)) }];
}

/** `down_revision = "abc"`, with a type or several in brackets, too; `None` follows nothing. */
function downRevisions(text: string): Migration["follows"] {
  const found = /^down_revision\s*(?::[^=\n]*)?=\s*(\([^)]*\)|\[[^\]]*\]|[^\n#]*)/m.exec(text);
  return found === null ? [] : quoted(found[1] ?? "", lineAt(text, found.index));
}

/** `dependencies = [("app", "0001_initial")]` of Django, those of its own application. */
function dependencies(text: string, own: string): Migration["follows"] {
  const found = /^\s+dependencies\s*=\s*\[([^\]]*)\]/m.exec(text);
  if (found === null) return [];
  const pairs = [...(found[1] ?? "").matchAll(/\(\s*(["'])([^"']+)\1\s*,\s*(["'])([^"']+)\3\s*\)/g)];
  const line = lineAt(text, found.index);
  return pairs.flatMap(([, , app, , parent = ""]) => (app === own ? [{ parent, line }] : []));
}

/** Applications are called as their folder is. */
function appOf(folder: string): string {
  return (
    folder
      .replace(/\/?migrations$/, "")
      .split("/")
      .at(-1) ?? ""
  );
}

function quoted(text: string, line: number): Migration["follows"] {
  return [...text.matchAll(/(["'])([^"']+)\1/g)].map(([, , parent = ""]) => ({ parent, line }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length + (text[index] === "\n" ? 1 : 0);
}
