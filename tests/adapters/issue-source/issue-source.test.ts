/** Issues from files and from gh, a real program on PATH; what is missing is named, all of it at once. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { issueSource } from "../../../src/adapters/issue-source/issue-source.ts";
import { MAX_BODY } from "../../../src/core/model/issue.ts";

const folder = mkdtempSync(join(tmpdir(), "forkjoin-issues-"));
const path = process.env.PATH ?? "";
const source = issueSource();

const GH = `#!/bin/sh
case "$3" in
  7) echo '{"number":7,"title":"Crash\\u001b[2J","body":null,"url":"https://example.org/7"}' ;;
  8) echo "gh auth login: To get started with GitHub CLI, please run: gh auth login" >&2; exit 4 ;;
  *) echo "GraphQL: Could not resolve to an Issue with the number of $3." >&2; exit 1 ;;
esac
`;

beforeAll(() => {
  mkdirSync(join(folder, "bin"));
  mkdirSync(join(folder, "empty"));
  mkdirSync(join(folder, "repository/issues"), { recursive: true });
  writeFileSync(join(folder, "bin/gh"), GH);
  chmodSync(join(folder, "bin/gh"), 0o755);
  process.env.PATH = `${join(folder, "bin")}${delimiter}${path}`;
  const issues = join(folder, "repository/issues");
  writeFileSync(join(issues, "10-later.md"), "# Later\n\nText.\n");
  writeFileSync(join(issues, "9.md"), "No heading here.");
  writeFileSync(
    join(issues, "list.json"),
    JSON.stringify([{ number: 12, title: "T", body: "x".repeat(MAX_BODY + 5), labels: [] }]),
  );
  writeFileSync(join(folder, "broken.json"), '[{"number": "no"}]');
  writeFileSync(join(folder, "outside.md"), "# Outside\n");
  symlinkSync(join(folder, "outside.md"), join(issues, "link.md"));
});

afterAll(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

const read = (refs: string[], confined = false) =>
  source.read({ refs, repository: folder, folder: join(folder, confined ? "repository" : ""), confined });

test("a number is read with gh, without what moves cursors", async () => {
  expect(await read(["#7"])).toEqual({
    ok: true,
    value: [{ ref: "#7", number: 7, title: "Crash[2J", body: "", url: "https://example.org/7" }],
  });
});

test("a folder gives its issues in the order of their numbers, bodies capped", async () => {
  const found = await read([join(folder, "repository/issues")]);
  const issues = found.ok ? found.value : [];
  expect(issues.map(({ ref, title }) => [ref, title])).toEqual([
    ["#9", "9"],
    ["#10", "Later"],
    ["#12", "T"],
  ]);
  expect(issues[2]?.body.endsWith("[cut: 5 more characters]")).toBe(true);
});

test("everything that is missing is named in one answer", async () => {
  const found = await read(["#7", "#404", "nowhere.md", "#405"]);
  expect(found).toMatchObject({ ok: false, error: { code: "unknown_issue" } });
  for (const name of ["#404", "nowhere.md", "#405"])
    expect(found).toMatchObject({ error: { message: expect.stringContaining(name) } });
});

test.each([
  ["#8", "gh is not logged in"],
  ["empty", "the folder holds none"],
  ["broken.json", "0.number"],
  ["bin/gh", "no issue"],
])("%s: %s", async (ref, message) => {
  expect(await read([ref])).toMatchObject({ ok: false, error: { message: expect.stringContaining(message) } });
});

test("a client's paths stay inside the repository, links followed", async () => {
  expect(await read(["issues/9.md"], true)).toMatchObject({ ok: true });
  for (const ref of ["../outside.md", "issues/link.md", join(folder, "outside.md")]) {
    expect(await read([ref], true)).toMatchObject({
      error: { message: expect.stringContaining("not in the repository") },
    });
  }
});

test("without gh the number is named, and what to do instead", async () => {
  process.env.PATH = join(folder, "empty");
  expect(await read(["#7"])).toMatchObject({
    error: { message: "issue #7: gh is not installed", hint: expect.stringContaining("file or folder") },
  });
  process.env.PATH = `${join(folder, "bin")}${delimiter}${path}`;
});
