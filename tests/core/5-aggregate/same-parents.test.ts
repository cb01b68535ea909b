/** Migrations that follow the same one: two heads, and what is none. */
import { rmSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sameParents } from "../../../src/core/5-aggregate/semantic/same-parents.ts";
import type { Repository } from "../../../src/core/ports/repository.ts";
import { TemporaryRepository } from "../../adapters/git/temporary.ts";

let temporary: TemporaryRepository;
let repository: Repository;
let base: string;

beforeEach(async () => {
  temporary = new TemporaryRepository();
  base = temporary.commit({ "a.txt": "a\n" });
  repository = await temporary.open();
});
afterEach(() => rmSync(temporary.folder, { recursive: true, force: true }));

const alembic = (name: string, follows: string): string =>
  `"""x"""\nrevision = '${name}'\ndown_revision = ${follows}\n`;
const typed = (name: string, follows: string): string =>
  `revision: str = "${name}"\ndown_revision: Union[str, None] = ${follows}\n`;
const django = (...follows: [string, string][]): string =>
  `class Migration(migrations.Migration):\n\n    dependencies = [\n${follows.map((pair) => `        ("${pair.join('", "')}"),\n`).join("")}    ]\n`;

const DEEP = "migrations/versions";
const CASES: [string, Record<string, string>, Record<string, string>, string[]][] = [
  [
    "two heads",
    { [`${DEEP}/b_users.py`]: alembic("b", "'a'") },
    { [`${DEEP}/c_posts.py`]: alembic("c", '"a"') },
    ["a"],
  ],
  [
    "with types",
    { "alembic/versions/b.py": typed("b", '"a"') },
    { "alembic/versions/c.py": typed("c", "('a', 'z')") },
    ["a"],
  ],
  [
    "a chain on one side",
    { [`${DEEP}/b.py`]: alembic("b", "'a'") },
    { [`${DEEP}/c.py`]: alembic("c", "'a'"), [`${DEEP}/d.py`]: alembic("d", "'c'") },
    ["a"],
  ],
  ["one after the other", { [`${DEEP}/b.py`]: alembic("b", "'a'") }, { [`${DEEP}/c.py`]: alembic("c", "'b'") }, []],
  [
    "one that joins both",
    { [`${DEEP}/b.py`]: alembic("b", "'a'") },
    { [`${DEEP}/c.py`]: alembic("c", "('a', 'b')") },
    [],
  ],
  ["two firsts", { [`${DEEP}/b.py`]: alembic("b", "None") }, { [`${DEEP}/c.py`]: alembic("c", "None") }, []],
  ["two folders", { "one/migrations/b.py": alembic("b", "'a'") }, { "two/migrations/c.py": alembic("c", "'a'") }, []],
  [
    "Django",
    { "shop/migrations/users.py": django(["shop", "0001_initial"]) },
    { "shop/migrations/posts.py": django(["shop", "0001_initial"], ["auth", "0001"]) },
    ["0001_initial"],
  ],
  [
    "Django, another application's",
    { "shop/migrations/users.py": django(["auth", "0001"]) },
    { "shop/migrations/posts.py": django(["auth", "0001"]) },
    [],
  ],
];

test.each(CASES)("%s", async (_what, ours, theirs, parents) => {
  const changes = async (files: Record<string, string>): Promise<Awaited<ReturnType<Repository["changes"]>>> =>
    repository.changes(base, temporary.commit(files, base));
  const found = await sameParents(repository, await changes(ours), await changes(theirs));
  expect(found.map(({ symbol }) => symbol)).toEqual(parents);
  for (const { kind, line, why } of found) {
    expect([kind, line > 1, why.includes("two heads")]).toEqual(["migration", true, true]);
  }
});
