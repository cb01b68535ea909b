/** Both sides add a migration with the same number to one folder: each is next, and only one can be (phase 5.2). */
import { folderOf, nameOf } from "../../code/file-set.ts";
import type { Finding } from "./finding.ts";

const SURE = 0.9;
const FOLDER = /(^|\/)(migrations?|migrate|db\/versions|alembic\/versions|changesets|upgrades?|schema_changes)(\/|$)/i;
/** `0007_x.sql`, `V7__x.sql`, `20240101120000_x.rb`, `000012_x.up.sql` */
const NUMBERED = /^[Vv]?(\d+(?:[._]\d+)*?)(?:__|[_-])(.+)$/;

interface Migration {
  path: string;
  folder: string;
  number: string;
  /** the same for the way up and the way down of one migration */
  name: string;
}

/** `ours` and `theirs`: paths that side added. */
export function sameMigrations(ours: string[], theirs: string[]): Finding[] {
  const first = ours.flatMap(migrationOf);
  const found = new Map<string, Finding>();
  for (const { path, folder, number, name } of theirs.flatMap(migrationOf)) {
    const other = first.find((one) => one.folder === folder && one.number === number && one.name !== name);
    if (other === undefined || found.has(`${folder}\n${number}`)) continue;
    found.set(`${folder}\n${number}`, {
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
  const folder = folderOf(path);
  const [, number, rest] = FOLDER.test(folder) ? (NUMBERED.exec(nameOf(path)) ?? []) : [];
  if (number === undefined || rest === undefined) return [];
  return [{ path, folder, number, name: rest.replace(/(\.(up|down|undo))?\.\w+$/i, "") }];
}
