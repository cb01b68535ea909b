/** Both sides add a migration with the same number to one folder: each is next, and only one can be (phase 5.2). */
import { folderOf, nameOf } from "../../code/file-set.ts";
import type { Finding } from "./finding.ts";

const SURE = 0.9;
const FOLDER = /(^|\/)(migrations?|migrate|db\/versions|alembic\/versions|changesets|upgrades?|schema_changes)(\/|$)/i;
/** `0007_x.sql`, `V7__x.sql`, `20240101120000_x.rb`, `000012_x.up.sql`; a folder of that form where each has its own (Prisma) */
const NUMBERED = /^[Vv]?(\d+(?:[._]\d+)*?)(?:__|[_-])(.+)$/;

/** Flyway's versions may have several parts: `V1_2__x.sql` is 1.2. */
const VERSIONED = /^V(\d+(?:[._]\d+)*)__(.+)$/;

interface Migration {
  path: string;
  folder: string;
  number: string;
  /** without what makes no difference: `007` is `7`, `1_0` is `1.0` */
  plain: string;
  /** the same for the way up and the way down of one migration */
  name: string;
}

/** `ours` and `theirs`: paths that side added. */
export function sameMigrations(ours: string[], theirs: string[]): Finding[] {
  const first = ours.flatMap(migrationOf);
  const found = new Map<string, Finding>();
  for (const { path, folder, number, plain, name } of theirs.flatMap(migrationOf)) {
    const other = first.find((one) => one.folder === folder && one.plain === plain && one.name !== name);
    if (other === undefined || found.has(`${folder}\n${plain}`)) continue;
    found.set(`${folder}\n${plain}`, {
      kind: "migration",
      symbol: number,
      path,
      line: 1,
      confidence: SURE,
      side: "theirs",
      why: `${path} and ${other.path} are both migration ${number}`,
      other: { kind: "migration", path: other.path, line: 1 },
    });
  }
  return [...found.values()];
}

function migrationOf(path: string): Migration[] {
  const isInFolder = /^(migration|up|down)\.\w+$/i.test(nameOf(path));
  const place = isInFolder ? folderOf(path) : path;
  const folder = folderOf(place);
  const versioned = /\.(sql|java)$/.test(place) ? VERSIONED.exec(nameOf(place)) : null;
  const [, number, rest] = versioned ?? (FOLDER.test(folder) ? NUMBERED.exec(nameOf(place)) : undefined) ?? [];
  if (number === undefined || rest === undefined) return [];
  const plain = number
    .split(/[._]/)
    .map((part) => part.replace(/^0+(?=\d)/, ""))
    .join(".");
  return [{ path, folder, number, plain, name: rest.replace(/(\.(up|down|undo))?\.\w+$/i, "") }];
}
