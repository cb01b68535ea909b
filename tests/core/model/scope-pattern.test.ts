import { describe, expect, test } from "vitest";
import {
  MAX_SCOPE_LENGTH,
  pathProblem,
  ScopePattern,
  scopePatternProblem,
  splitSymbol,
} from "../../../src/core/model/scope-pattern.ts";

const ABSOLUTE = "is absolute; write it relative to the repository's root";
const BACKSLASH = "contains a backslash; write POSIX paths with /";
const CONTROL = "contains a control character";
const EMPTY_SEGMENT = "has an empty or `.` segment";
const GIT = "names git's own directory";
const LEAVES = "leaves the repository with ..";
const NO_IDENTIFIER = "names a symbol that is no identifier";
const WILDCARD = "uses a wildcard other than a final /**; list exact paths or whole folders";

describe("a scope entry may be", () => {
  test.each([
    "a",
    "src/gateway.ts",
    "src/logging/**",
    "**",
    "src/a.ts#parse",
    "src/a.ts#Parser.prototype.run",
    "src/a.ts#größe",
    "src/naïve/日本語.md",
    "docs/🦊.md",
    "with space/and, comma.txt",
    ".gitignore",
    ".github/workflows/ci.yml",
    "git/.gitkeep",
    ".git-hooks/run",
    "a.git/b",
    "...",
    "..a/b..",
    "#readme.md",
    "src/C#/Program.cs",
    "src/C#/Program.cs#Main",
    "src/C#/**",
    "app/[id]/page.tsx",
    "app/[...slug]/[[...rest]]/page.tsx",
    "{{cookiecutter.name}}/setup.py",
    "wow!.md",
    "__proto__/constructor",
    "a".repeat(MAX_SCOPE_LENGTH),
  ])("%j", (entry) => {
    expect(scopePatternProblem(entry)).toEqual(undefined);
  });
});

describe("path traversal in scopes is refused", () => {
  test.each([
    ["..", LEAVES],
    ["../other", LEAVES],
    ["src/../../etc/passwd", LEAVES],
    ["src/..", LEAVES],
    ["../**", LEAVES],
    ["src/.. /x", LEAVES],
    ["/etc/passwd", ABSOLUTE],
    ["//host/share", ABSOLUTE],
    ["C:/Windows", ABSOLUTE],
    ["c:relative", ABSOLUTE],
    ["~/secrets", "starts with ~; write it relative to the repository's root"],
    ["~root/x", "starts with ~; write it relative to the repository's root"],
    ["-rf", "starts with -, which programs read as an option"],
    ["--exec=x/y", "starts with -, which programs read as an option"],
    ["src\\a.ts", BACKSLASH],
    ["..\\x", BACKSLASH],
    ["\\\\host\\share", BACKSLASH],
    ["src/a\0.ts", CONTROL],
    ["src/a\n.ts", CONTROL],
    ["src/\u001b[31m", CONTROL],
    ["src/a\u0085b", CONTROL],
    ["src/a\u2028b", CONTROL],
    ["src/\u202Egnp.ts", CONTROL],
    ["src/\u2066a", CONTROL],
    ["src/\ud800", CONTROL],
    ["src/cafe\u0301.md", "is not in Unicode normal form NFC"],
    ["", "is empty"],
    ["/**", "is empty"],
    ["a".repeat(MAX_SCOPE_LENGTH + 1), `is longer than ${MAX_SCOPE_LENGTH} characters`],
    [".", EMPTY_SEGMENT],
    ["./a", EMPTY_SEGMENT],
    ["a/./b", EMPTY_SEGMENT],
    ["a//b", EMPTY_SEGMENT],
    ["a/", EMPTY_SEGMENT],
    ["a//**", EMPTY_SEGMENT],
    [".git", GIT],
    [".git/config", GIT],
    [".git/**", GIT],
    [".GIT/hooks/pre-commit", GIT],
    [".GiT", GIT],
    ["vendor/lib/.git/config", GIT],
    [".git./config", GIT],
    [".git /config", GIT],
    [".git:stream", GIT],
    [".git::$INDEX_ALLOCATION/config", GIT],
    ["git~1/config", GIT],
    ["GIT~2", GIT],
    [".g\u200cit/config", GIT],
    [".git\ufeff/config", GIT],
  ])("%j %s", (entry, problem) => {
    expect(scopePatternProblem(entry)).toEqual(problem);
  });
});

describe("wildcards other than a final /** are refused", () => {
  test.each(["*", "src/*", "src/*.ts", "**/*.ts", "src/**/a.ts", "src/**/**", "a?.ts", "!src/a.ts"])("%j", (entry) => {
    expect(scopePatternProblem(entry)).toEqual(WILDCARD);
  });

  test.each(["src/{a,b}.ts", "src/[a-z].ts", "src/[!a]/x", "src/[^a]/x", "src**"])("%j", (entry) => {
    expect(scopePatternProblem(entry)).toEqual(WILDCARD);
  });
});

describe("symbols", () => {
  test.each([
    ["src/a.ts#", NO_IDENTIFIER],
    ["src/a.ts#1st", NO_IDENTIFIER],
    ["src/a.ts#a b", NO_IDENTIFIER],
    ["src/a.ts#a;rm", NO_IDENTIFIER],
    ["src/**#parse", "names a symbol of a folder; a symbol belongs to one file"],
    ["**#parse", "names a symbol of a folder; a symbol belongs to one file"],
    ["../a.ts#parse", LEAVES],
    [".git/config#parse", GIT],
  ])("%j %s", (entry, problem) => {
    expect(scopePatternProblem(entry)).toEqual(problem);
  });

  test.each([
    ["src/a.ts", ["src/a.ts", undefined]],
    ["src/a.ts#parse", ["src/a.ts", "parse"]],
    ["src/C#/a.cs", ["src/C#/a.cs", undefined]],
    ["src/C#/a.cs#Main", ["src/C#/a.cs", "Main"]],
    ["#a", ["#a", undefined]],
  ])("%j is split into path and symbol", (entry, parts) => {
    expect(splitSymbol(entry)).toEqual(parts);
  });
});

test("a plain path is judged by the same rules, and may hold what only a pattern may not", () => {
  expect([pathProblem("a*b"), pathProblem("../a"), pathProblem("a#b")]).toEqual([undefined, LEAVES, undefined]);
});

test("the schema quotes the entry it refuses", () => {
  expect(ScopePattern.safeParse("../a").error?.issues.map((issue) => issue.message)).toEqual([`"../a" ${LEAVES}`]);
});
