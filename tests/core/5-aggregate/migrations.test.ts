/** Two tasks that each add the next migration: seen where the files say it, for each tool in its own way; harmless pairs are left alone. */
import { describe, expect, test } from "vitest";
import { languageAnalyser } from "../../../src/adapters/language-analyser/language-analyser.ts";
import { findOverlap } from "../../../src/core/5-aggregate/find-overlap.ts";
import { findSemantic } from "../../../src/core/5-aggregate/semantic/find-semantic.ts";
import { TemporaryRepository } from "../../adapters/git/temporary.ts";
import { few } from "../../rig/extent.ts";

const cache = {
  facts: async () => new Map(),
  keepFacts: async () => undefined,
  text: async () => undefined,
  keepText: async () => undefined,
};

const alembic = (id: string, parent: string): string =>
  `"""x"""\nfrom typing import Union\n\nrevision: str = "${id}"\ndown_revision: Union[str, None] = ${parent}\n`;
const django = (...parents: [string, string][]): string =>
  `from django.db import migrations\n\nclass Migration(migrations.Migration):\n    dependencies = [\n${parents
    .map(([app, name]) => `        ("${app}", "${name}"),\n`)
    .join("")}    ]\n    operations = []\n`;

type Files = Record<string, string>;

/** What is said of two tasks side by side that add these files. */
async function said(ours: Files, theirs: Files): Promise<string[]> {
  using temporary = new TemporaryRepository();
  const base = temporary.commit({ "README.md": "x\n" });
  const tip = temporary.commit(ours, base);
  const source = temporary.commit(theirs, base);
  const repository = await temporary.open();
  const sides = { base, tip, source };
  const { tree: merged } = await repository.merge(base, tip, source);
  const overlap = await findOverlap(repository, sides);
  const found = await findSemantic({ repository, analyser: languageAnalyser(), cache }, { sides, overlap, merged });
  return found.map(({ kind, path, line, why }) => `${kind} ${path}:${line} ${why}`);
}

describe("two migrations that cannot both be next", () => {
  const clashing: [string, Files, Files, string][] = [
    [
      "Alembic: one parent",
      { "db/versions/aa_one.py": alembic("aa", '"00"') },
      { "db/versions/bb_two.py": alembic("bb", '"00"') },
      "migration db/versions/bb_two.py:5 db/versions/bb_two.py and db/versions/aa_one.py both follow migration 00: only one can be next",
    ],
    [
      "Django: one parent in the same application, with other numbers",
      { "shop/migrations/0004_a.py": django(["shop", "0003_x"]) },
      { "shop/migrations/0005_b.py": django(["auth", "0012_y"], ["shop", "0003_x"]) },
      "migration shop/migrations/0005_b.py:4 shop/migrations/0005_b.py and shop/migrations/0004_a.py both follow migration 0003_x: only one can be next",
    ],
    [
      "Django: the same number is said once",
      { "shop/migrations/0004_a.py": django(["shop", "0003_x"]) },
      { "shop/migrations/0004_b.py": django(["shop", "0003_x"]) },
      "migration shop/migrations/0004_b.py:1 shop/migrations/0004_b.py and shop/migrations/0004_a.py are both migration 0004",
    ],
    [
      "Flyway: one version in two spellings",
      { "sql/V1_2__a.sql": "SELECT 1;\n" },
      { "sql/V1.02__b.sql": "SELECT 1;\n" },
      "migration sql/V1.02__b.sql:1 sql/V1.02__b.sql and sql/V1_2__a.sql are both migration 1.02",
    ],
    [
      "Rails: one class name",
      { "db/migrate/20260101000000_add_email.rb": "class AddEmail\nend\n" },
      { "db/migrate/20260102000000_add_email.rb": "class AddEmail\nend\n" },
      "migration db/migrate/20260102000000_add_email.rb:1 db/migrate/20260102000000_add_email.rb and db/migrate/20260101000000_add_email.rb are both migration add_email",
    ],
    [
      "Prisma: the same column",
      { "prisma/migrations/20260101000000_a/migration.sql": 'ALTER TABLE "User" ADD COLUMN "age" INTEGER;\n' },
      { "prisma/migrations/20260102000000_b/migration.sql": '-- x\nALTER TABLE "User" ADD COLUMN "age" TEXT;\n' },
      "migration prisma/migrations/20260102000000_b/migration.sql:2 prisma/migrations/20260102000000_b/migration.sql and prisma/migrations/20260101000000_a/migration.sql both add column user.age",
    ],
  ];
  test.each(few(2, clashing))("%s", async (_, ours, theirs, expected) => {
    expect(await said(ours, theirs)).toEqual([expected]);
  });

  const harmless: [string, Files, Files][] = [
    ["two roots", { "v/versions/a.py": alembic("a", "None") }, { "v/versions/b.py": alembic("b", "None") }],
    ["other parents", { "v/versions/a.py": alembic("a", '"x"') }, { "v/versions/b.py": alembic("b", '"y"') }],
    [
      "another application's migration as a common parent",
      { "shop/migrations/0004_a.py": django(["auth", "0012_y"]) },
      { "cart/migrations/0009_b.py": django(["auth", "0012_y"]) },
    ],
    [
      "other columns, dropped ones, and tables made where there are none",
      { "migrations/1_a.sql": "ALTER TABLE u ADD a INT; CREATE TABLE IF NOT EXISTS t (i INT);\n" },
      { "migrations/2_b.sql": "ALTER TABLE u ADD b INT; CREATE TABLE IF NOT EXISTS t (i INT);\n" },
    ],
    ["no migrations", { "src/versions/a.py": "revision = 1\n" }, { "src/versions/b.py": "revision = 1\n" }],
  ];
  test.each(few(1, harmless))("not %s", async (_, ours, theirs) => {
    expect(await said(ours, theirs)).toEqual([]);
  });
});
