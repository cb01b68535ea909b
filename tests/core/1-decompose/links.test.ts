/** Links and forms of names: what a path stands for, before an agent is started on it. */
import { describe, expect, test } from "vitest";
import { decompose } from "../../../src/core/1-decompose/decompose.ts";
import { resolved } from "../../../src/core/1-decompose/links.ts";
import { listOf, request } from "../sample-plan.ts";

const LINKS = new Map([
  ["CLAUDE.md", "AGENTS.md"],
  ["current", "releases/v1"],
  ["docs/guide.md", "../guides/./first.md"],
  ["latest", "current"],
  ["dangling", "nowhere.md"],
  ["out", "../../etc/passwd"],
  ["absolute", "/etc/passwd"],
  ["round", "about"],
  ["about", "round"],
]);
const FILES = ["AGENTS.md", "releases/v1/x.js", "guides/first.md"];
const base = {
  ...Object.fromEntries(FILES.map((path) => [path, "100644"])),
  ...Object.fromEntries([...LINKS.keys()].map((path) => [path, "120000"])),
};

function judged(files: string[], more: object = {}): string {
  const tasks = [{ id: "t", description: "Change it", files, ...more }];
  const result = decompose({ ...request(tasks, { base }), links: LINKS });
  return result.ok ? "" : (result.error.problems ?? []).map(({ message, fix }) => `${message}; ${fix}`).join("\n");
}

test.each([
  ["CLAUDE.md", "AGENTS.md"],
  ["current/x.js", "releases/v1/x.js"],
  ["latest/x.js", "releases/v1/x.js"],
  ["docs/guide.md", "guides/first.md"],
  ["AGENTS.md", undefined],
  ["out", undefined],
  ["absolute", undefined],
  ["round", undefined],
])("%s stands for %s", (path, target) => {
  expect(resolved(path, LINKS)).toBe(target);
});

describe("a scope", () => {
  test.each([
    ["CLAUDE.md", "is a link to AGENTS.md; write AGENTS.md"],
    ["current", "is a link to releases/v1; write releases/v1/**"],
    ["current/**", "is a link to releases/v1; write releases/v1/**"],
    ["current/x.js", "lies below current, which is a link to releases/v1; write releases/v1/x.js"],
    ["latest/new/**", "lies below latest, which is a link to releases/v1; write releases/v1/new/**"],
    ["docs/guide.md", "is a link to guides/first.md; write guides/first.md"],
  ])("%s is told what to declare", (entry, says) => {
    expect(judged([entry])).toContain(says);
  });

  test.each([[["CLAUDE.md", "AGENTS.md"]], [["docs/**"]], [["dangling"]], [["out"]], [["absolute"]], [["round"]]])(
    "%j is accepted",
    (files) => {
      expect(judged(files)).toBe("");
    },
  );

  test("of a task that only reads may name a link", () => {
    expect(judged(["CLAUDE.md"], { access: "read_only" })).toBe("");
  });
});

describe("a name in another Unicode form than the file's", () => {
  const there = { ["docs/Über/Résumé.md".normalize("NFD")]: "100644", "a.md": "100644" };
  const said = (entry: string): string[] => {
    const tasks = [{ id: "t", description: "Change it", files: [entry.normalize("NFC")] }];
    const result = decompose(request(tasks, { base: there }));
    return result.ok ? [] : (result.error.problems ?? []).map(({ message, fix }) => `${message}; ${fix}`);
  };

  test.each(["docs/Über/Résumé.md", "docs/Über/neu.md", "docs/Über/**"])("%s is refused with the cure", (entry) => {
    expect(said(entry)).toEqual([expect.stringMatching(/Unicode form.*write docs\/\*\*, or rename it: git mv/)]);
  });

  test.each(["ähnlich.md", "a.md", "docs/**"])("%s is accepted", (entry) => {
    expect(said(entry)).toEqual([]);
  });
});

test("names of two tasks that differ only in case are said", () => {
  const tasks = ["Foo.js", "foo.js"].map((path, at) => ({
    id: `t${at}`,
    description: "Add it",
    files: [path],
    category: "creation",
  }));
  expect(
    listOf(tasks)
      .suggestions.map(({ message }) => message)
      .join(),
  ).toContain("differ only in case");
});
