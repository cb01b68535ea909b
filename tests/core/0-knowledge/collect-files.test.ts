import { describe, expect, test } from "vitest";
import { fileKnowledgeSource } from "../../../src/adapters/knowledge-source/file-knowledge-source.ts";
import { collectFiles } from "../../../src/core/0-knowledge/collect-files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const NOT_FOUND = "not found in any root as a readable text file of at most 1 MB, or a folder of such files";

describe("collectFiles", () => {
  test("expands folders, loads each file once, sorts by size and then by path", async () => {
    const root = await temporaryFolder({
      "d/large.md": "x".repeat(40),
      "d/small.md": "x",
      "b.md": "xx",
      "a.md": "yy",
      "old.md": "z",
    });
    const wanted = ["d/large.md", "d/", "./b.md", "a.md", "b.md", "old.md"].map((path) => ({
      path,
      reason: `for ${path}`,
    }));
    const seen = new Set(["old.md"]);
    expect(await collectFiles(wanted, fileKnowledgeSource({ roots: [root] }), seen)).toEqual({
      files: [
        { path: "d/small.md", uri: "knowledge://files/d/small.md", size_bytes: 1, tokens: 1, reason: "for d/" },
        { path: "a.md", uri: "knowledge://files/a.md", size_bytes: 2, tokens: 1, reason: "for a.md" },
        { path: "b.md", uri: "knowledge://files/b.md", size_bytes: 2, tokens: 1, reason: "for ./b.md" },
        {
          path: "d/large.md",
          uri: "knowledge://files/d/large.md",
          size_bytes: 40,
          tokens: 6,
          reason: "for d/large.md",
        },
      ],
      absent: [],
    });
    expect([...seen].sort()).toEqual(["a.md", "b.md", "d/large.md", "d/small.md", "old.md"]);
  });

  test("a path that could leave the roots is absent, with the reason", async () => {
    const root = await temporaryFolder({ "a.md": "x" });
    const paths = ["gone.md", "../a.md", "/etc/hostname", ".git/config", "./", "a\\b.md", "~/a.md", "gone.md"];
    const wanted = paths.map((path) => ({ path, reason: "r" }));
    expect(await collectFiles(wanted, fileKnowledgeSource({ roots: [root] }), new Set())).toEqual({
      files: [],
      absent: [
        { path: "../a.md", reason: "the path leaves the repository with .." },
        { path: "./", reason: "the path is empty" },
        { path: ".git/config", reason: "the path names git's own directory" },
        { path: "/etc/hostname", reason: "the path is absolute; write it relative to the repository's root" },
        { path: "a\\b.md", reason: "the path contains a backslash; write POSIX paths with /" },
        { path: "gone.md", reason: NOT_FOUND },
        { path: "~/a.md", reason: "the path starts with ~; write it relative to the repository's root" },
      ],
    });
  });

  test("a uri keeps spaces, # and ? inside the path", async () => {
    const root = await temporaryFolder({ "why not?/a #1 é.md": "x" });
    const { files } = await collectFiles(
      [{ path: "why not?/a #1 é.md", reason: "r" }],
      fileKnowledgeSource({ roots: [root] }),
      new Set(),
    );
    expect(files.map(({ uri }) => uri)).toEqual(["knowledge://files/why%20not%3F/a%20%231%20%C3%A9.md"]);
  });
});
