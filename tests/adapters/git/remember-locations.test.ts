/** What is known about a repository is read again exactly when it may have changed. */
import { symlinkSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { rememberLocations } from "../../../src/adapters/git/repository/remember-locations.ts";
import { locateRepository, type RepositoryLocation } from "../../../src/adapters/git/repository/repository-location.ts";
import type { Result } from "../../../src/core/model/result.ts";
import { TemporaryRepository } from "./temporary.ts";

let reads = 0;
const remembering = (): ((directory: string) => Promise<Result<RepositoryLocation>>) =>
  rememberLocations((directory) => {
    reads++;
    return locateRepository(directory);
  });

beforeEach(() => {
  reads = 0;
});

describe("a repository that is located again", () => {
  test("is not read again while nothing changed, and the answer is the same", async () => {
    using repository = new TemporaryRepository();
    const locate = remembering();
    expect(await locate(repository.root)).toEqual(await locate(repository.root));
    expect(reads).toBe(1);
  });

  test.each([
    ["a setting", ["config", "user.name", "Grace"], { identity: { name: "Grace", email: "ada@example.org" } }],
    [
      "a key that maps content",
      ["config", "core.autocrlf", "true"],
      { safeConfig: expect.arrayContaining([["autocrlf", "true"]]) },
    ],
  ])("is read again after %s changed", async (_, command, expected) => {
    using repository = new TemporaryRepository();
    const locate = remembering();
    await locate(repository.root);
    repository.git(...command);
    expect(await locate(repository.root)).toMatchObject({ ok: true, value: expected });
    expect(reads).toBe(2);
  });

  test("is read again when the same path leads to another one", async () => {
    using first = new TemporaryRepository();
    using second = new TemporaryRepository();
    const link = join(first.folder, "link");
    const locate = remembering();
    symlinkSync(first.root, link);
    expect(await locate(link)).toMatchObject({ ok: true, value: { root: first.root } });
    unlinkSync(link);
    symlinkSync(second.root, link);
    expect(await locate(link)).toMatchObject({ ok: true, value: { root: second.root } });
  });

  test("a bare one is known by its git directory", async () => {
    using repository = new TemporaryRepository();
    repository.commit({ "a.txt": "a" });
    const bare = join(repository.folder, "bare.git");
    repository.git("clone", "--quiet", "--bare", repository.root, bare);
    expect(await remembering()(bare)).toMatchObject({ ok: true, value: { root: bare, bare: true } });
  });

  test("a folder that is none yet is looked at again", async () => {
    using repository = new TemporaryRepository();
    const locate = remembering();
    const plain = join(repository.folder, "plain");
    expect(await locate(plain)).toMatchObject({ ok: false, error: { code: "not_a_repository" } });
    repository.git("init", "--quiet", plain);
    expect(await locate(plain)).toMatchObject({ ok: true, value: { root: plain } });
  });
});
