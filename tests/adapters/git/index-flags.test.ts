/** Flags that hide files from git, read from the bytes of indexes that git itself wrote in every version it has. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { indexFlags } from "../../../src/adapters/git/workspace/index-flags.ts";
import { AWKWARD, TemporaryRepository } from "./temporary.ts";

const FILES = Object.fromEntries(
  [...AWKWARD, "deep/er/a", "deep/er/ab", "deep/f", `long/${"n".repeat(200)}/${"m".repeat(200)}`].map((path) => [
    path,
    "x\n",
  ]),
);

/** What git itself says: `h` is assume-unchanged, `S` skip-worktree, `s` both. */
function flaggedByGit(temporary: TemporaryRepository): string[] {
  const lines = temporary.git("ls-files", "-v", "-z").split("\0");
  return lines
    .filter((line) => /^[hsS] /.test(line))
    .map((line) => line.slice(2))
    .sort();
}

function flag(temporary: TemporaryRepository, option: string, paths: string[]): void {
  execFileSync("git", ["update-index", option, "-z", "--stdin"], { cwd: temporary.root, input: paths.join("\0") });
}

describe("flags of an index", () => {
  test.each([
    [2, "sha1"],
    [3, "sha1"],
    [4, "sha1"],
    [4, "sha256"],
  ] as const)("of version %i with %s are those that git reports", (version, format) => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    temporary.commit(FILES);
    const names = Object.keys(FILES);
    temporary.git("update-index", "--index-version", String(version));
    flag(
      temporary,
      "--assume-unchanged",
      names.filter((_, index) => index % 3 === 0),
    );
    if (version > 2)
      flag(
        temporary,
        "--skip-worktree",
        names.filter((_, index) => index % 4 === 0),
      );
    const index = readFileSync(join(temporary.root, ".git", "index"));
    expect(index.readUInt32BE(4)).toBe(version);
    expect(indexFlags(index, format)).toEqual({ hidden: flaggedByGit(temporary), isSplit: false });
    expect(flaggedByGit(temporary).length).toBeGreaterThan(4);
  });

  test.each(["sha1", "sha256"])("of a split one are known to be elsewhere, with %s", (format) => {
    using temporary = new TemporaryRepository(`--object-format=${format}`);
    temporary.commit({ a: "x\n", b: "x\n" });
    const flags = () => indexFlags(readFileSync(join(temporary.root, ".git", "index")), format);
    temporary.git("update-index", "--split-index");
    expect(flags()).toEqual({ hidden: [], isSplit: true });
    flag(temporary, "--assume-unchanged", ["a"]);
    expect(flags()).toEqual({ hidden: [], isSplit: true });
    temporary.git("update-index", "--no-split-index");
    expect(flags()).toEqual({ hidden: ["a"], isSplit: false });
  });

  test("are read as far as they go where the index is cut off, and none where it is none", () => {
    using temporary = new TemporaryRepository();
    temporary.commit({ a: "x\n", b: "x\n", c: "x\n" });
    flag(temporary, "--assume-unchanged", ["a", "c"]);
    const index = readFileSync(join(temporary.root, ".git", "index"));
    for (let length = 0; length < index.length; length++) {
      expect(["", "a", "a,c"]).toContain(indexFlags(index.subarray(0, length), "sha1").hidden.join());
    }
    expect(indexFlags(Buffer.from("DIRC no index at all"), "sha1")).toEqual({ hidden: [], isSplit: false });
    expect(indexFlags(Buffer.alloc(1_000, 0xff), "sha1")).toEqual({ hidden: [], isSplit: false });
  });
});
