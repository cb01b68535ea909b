/** Both sides add a migration after the same one, or make the same table or column: each is right alone, both together are not (phase 5.2). */
import { folderOf, nameOf } from "../../code/file-set.ts";
import type { RepositoryReader, TreeChange, TreeEntry } from "../../ports/repository.ts";
import { textsOf } from "../read-texts.ts";
import type { Finding } from "./finding.ts";

const SURE = 0.9;
const PLACE = /(^|\/)(migrations?|migrate|versions|changesets|upgrades?|schema_changes)\//i;
/** More added migrations than this are not read. */
const MOST_READ = 200;

/** What only one migration can be or do: the line that says it, and the same in words. */
interface Claim {
  /** equal for two migrations that cannot both be */
  key: string;
  symbol: string;
  said: string;
  line: number;
}

interface Added {
  path: string;
  entry: TreeEntry;
}

export async function clashingMigrations(
  repository: RepositoryReader,
  sides: { ours: TreeChange[]; theirs: TreeChange[] },
): Promise<Finding[]> {
  const [ours, theirs] = [added(sides.ours), added(sides.theirs)];
  if (ours.length === 0 || theirs.length === 0) return [];
  const first = await claimsIn(repository, ours);
  const found: Finding[] = [];
  for (const [path, claims] of await claimsIn(repository, theirs)) {
    for (const [other, known] of first) {
      if (other === path) continue;
      const pair = claims.flatMap((claim) =>
        known.filter((one) => one.key === claim.key).map((one) => ({ claim, one })),
      )[0];
      if (pair !== undefined) found.push(findingOf({ path, ...pair.claim }, { path: other, line: pair.one.line }));
    }
  }
  return found;
}

function findingOf(
  { path, symbol, said, line }: Claim & { path: string },
  other: { path: string; line: number },
): Finding {
  const why = `${path} and ${other.path} ${said}`;
  return {
    kind: "migration",
    ...{ symbol, path, line, confidence: SURE, side: "theirs", why },
    other: { kind: "migration", ...other },
  };
}

function added(changes: TreeChange[]): Added[] {
  const found = changes.flatMap(({ path, before, after }) =>
    before === undefined && after !== undefined && PLACE.test(path) && /\.(py|sql|rb)$/i.test(path)
      ? [{ path, entry: after }]
      : [],
  );
  return found.slice(0, MOST_READ);
}

async function claimsIn(repository: RepositoryReader, files: Added[]): Promise<Map<string, Claim[]>> {
  const texts = await textsOf(
    repository,
    files.map(({ entry }) => entry),
  );
  return new Map(files.map(({ path }, at) => [path, claimsOf(path, texts[at] ?? "")]));
}

function claimsOf(path: string, text: string): Claim[] {
  if (/\.py$/i.test(path)) return [...alembic(path, text), ...django(path, text)];
  if (/\.rb$/i.test(path)) return rails(path);
  return /(\.|_)(down|undo)\.sql$/i.test(path) || /\/down\.sql$/i.test(path) ? [] : sql(path, text);
}

/** `down_revision = "x"`, annotated or not, and a row of them where branches were joined. */
function alembic(path: string, text: string): Claim[] {
  const found = /^down_revision\s*(?::[^=\n]*)?=\s*(\([^)]*\)|\[[^\]]*\]|["'][^"'\n]*["'])/m.exec(text);
  if (found === null || !/^revision\s*(?::[^=\n]*)?=/m.test(text)) return [];
  const ids = [...(found[1] ?? "").matchAll(/["']([^"'\n]+)["']/g)].map((match) => match[1] ?? "");
  return ids.map((id) => follows(folderOf(path), id, lineAt(text, found.index)));
}

/** The dependency on a migration of the same application; one on another application's is shared by many. */
function django(path: string, text: string): Claim[] {
  const folder = folderOf(path);
  const app = nameOf(folderOf(folder));
  const list = /^\s*dependencies\s*=\s*\[([\s\S]*?)\]/m.exec(text);
  if (list === null || nameOf(folder) !== "migrations") return [];
  const pairs = [...(list[1] ?? "").matchAll(/\(\s*["']([^"'\n]+)["']\s*,\s*["']([^"'\n]+)["']\s*,?\s*\)/g)];
  return pairs
    .filter((pair) => pair[1] === app && !(pair[2] ?? "").startsWith("__"))
    .map((pair) => follows(folder, pair[2] ?? "", lineAt(text, list.index)));
}

function follows(folder: string, id: string, line: number): Claim {
  return { key: `after ${folder} ${id}`, symbol: id, said: `both follow migration ${id}: only one can be next`, line };
}

/** Rails names the class after the file: the same name twice is refused, whatever the times. */
function rails(path: string): Claim[] {
  const name = /^\d+_(\w+)\.rb$/.exec(nameOf(path))?.[1];
  if (name === undefined || !/(^|\/)db\/\w*migrate\//.test(path)) return [];
  return [{ key: `class ${folderOf(path)} ${name}`, symbol: name, said: `are both migration ${name}`, line: 1 }];
}

const NAME = String.raw`((?:[\w$]+|"[^"\n]+"|\x60[^\x60\n]+\x60|\[[^\]\n]+\])(?:\.(?:[\w$]+|"[^"\n]+"|\x60[^\x60\n]+\x60|\[[^\]\n]+\]))?)`;
const TABLE = new RegExp(String.raw`\bCREATE\s+TABLE\s+(?!IF\b)${NAME}`, "gi");
const COLUMN = new RegExp(
  String.raw`\bALTER\s+TABLE\s+(?:ONLY\s+)?${NAME}\s+ADD\s+(?:COLUMN\s+)?(?!CONSTRAINT|INDEX|KEY|PRIMARY|FOREIGN|UNIQUE|CHECK|IF\b|COLUMN\b)${NAME}`,
  "gi",
);

/** One set of migrations is what lies below the same folder: Prisma has a folder for each. */
function sql(path: string, text: string): Claim[] {
  const code = text.replace(/--[^\n]*/g, (comment) => " ".repeat(comment.length));
  const set = path.slice(0, path.search(PLACE) + (PLACE.exec(path)?.[0].length ?? 0));
  const plain = (name = ""): string => name.replace(/["\x60[\]]/g, "").toLowerCase();
  const made = [...code.matchAll(TABLE)].map(
    (match) => [match, plain(match[1]), `both create table ${plain(match[1])}`] as const,
  );
  const grown = [...code.matchAll(COLUMN)].map((match) => {
    const column = `${plain(match[1])}.${plain(match[2])}`;
    return [match, column, `both add column ${column}`] as const;
  });
  return [...made, ...grown].map(([{ index }, symbol, said]) => ({
    key: `${said} ${set}`,
    ...{ symbol, said, line: lineAt(text, index) },
  }));
}

function lineAt(text: string, index: number): number {
  const start = index + text.slice(index).search(/\S/);
  return text.slice(0, start).split("\n").length;
}
