/** Landing: as `git merge` would in the user's shell, with one true cure for each reason why it does not work. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LandRequest, landBranch } from "../../../src/adapters/git/delivery/land-branch.ts";
import { TemporaryRepository } from "./temporary.ts";

let repository: TemporaryRepository;

beforeEach(() => {
  repository = new TemporaryRepository();
  repository.commit({ "a.txt": "a\n", "b.txt": "b\n" });
  repository.git("checkout", "--quiet", "-b", "result");
  repository.commit({ "a.txt": "a\nx\n", "new.txt": "theirs\n" });
  repository.git("checkout", "--quiet", "main");
});
afterEach(() => rmSync(repository.folder, { recursive: true, force: true }));

const land = (more: Partial<LandRequest> = {}): ReturnType<typeof landBranch> =>
  landBranch({ repository: repository.root, branch: "result", ...more });
const place = (path: string, text: string): void => writeFileSync(join(repository.root, path), text);
const read = (path: string): string => readFileSync(join(repository.root, path), "utf8");
const status = (): string => repository.git("status", "--porcelain");

function program(name: string, ...lines: string[]): string {
  const file = join(repository.folder, name);
  writeFileSync(file, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(file, 0o755);
  return file;
}

function hook(name: string, ...lines: string[]): void {
  const folder = join(repository.root, ".git", "hooks");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(join(folder, name), 0o755);
}

const HOW: [string, Partial<LandRequest>, moved: boolean][] = [
  ["as a fast-forward", {}, false],
  ["as a merge", {}, true],
  ["as one commit", { squash: "All of it\n" }, false],
];

describe.each(HOW)("%s", (_how, request, moved) => {
  beforeEach(() => {
    if (moved) repository.commit({ "moved.txt": "on\n" });
  });

  test("lands beside changes that the result does not touch", async () => {
    place("b.txt", "mine\n");
    place("other.txt", "untracked\n");
    expect(await land(request)).toMatchObject({ ok: true, value: { into: "main", untested: moved } });
    expect([read("a.txt"), read("b.txt"), read("other.txt")]).toEqual(["a\nx\n", "mine\n", "untracked\n"]);
  });

  const causes: [string, () => void, RegExp][] = [
    ["an untracked file in the way", () => place("new.txt", "mine\n"), /move or remove new\.txt/],
    ["a change to a file of the result", () => place("a.txt", "mine\n"), /commit or stash your changes to a\.txt/],
    ["a lock", () => place(".git/index.lock", ""), /rm .*index\.lock/],
    [
      "a merge of the user's that is under way",
      () => place(".git/MERGE_HEAD", repository.git("rev-parse", "result")),
      /git merge --abort/,
    ],
  ];
  test.each(causes)("%s: its own cure, nothing changed", async (_cause, make, cure) => {
    const head = repository.git("rev-parse", "HEAD");
    make();
    const before = [read("a.txt"), existsSync(join(repository.root, "new.txt")) && read("new.txt")];
    const landed = await land(request);
    expect(landed).toMatchObject({ ok: false, error: { hint: expect.stringMatching(cure) } });
    expect(JSON.stringify(landed)).not.toContain("your branch moved");
    expect(repository.git("rev-parse", "HEAD")).toBe(head);
    expect([read("a.txt"), existsSync(join(repository.root, "new.txt")) && read("new.txt")]).toEqual(before);
  });
});

describe("a signature", () => {
  beforeEach(() => {
    repository.commit({ "moved.txt": "on\n" });
    repository.git("config", "commit.gpgSign", "true");
  });

  test.each([{}, { squash: "All\n" }])(
    "that cannot be made: the cure, and a checkout as it was (%o)",
    async (request) => {
      repository.git("config", "gpg.program", program("gpg", "echo 'gpg: no secret key' >&2", "exit 2"));
      place("b.txt", "mine\n");
      expect(await land(request)).toMatchObject({
        ok: false,
        error: { hint: expect.stringContaining("--no-gpg-sign") },
      });
      expect([status(), read("b.txt"), read("a.txt")]).toEqual([" M b.txt\n", "mine\n", "a\n"]);
      expect(await land({ ...request, sign: false })).toMatchObject({ ok: true });
    },
  );

  test.each([{}, { squash: "All\n" }])("that is waited for in vain: given up (%o)", async (request) => {
    repository.git("config", "gpg.program", program("gpg", "exec cat /dev/zero > /dev/null"));
    const waited = await land({ ...request, signing_ms: 300 });
    expect(waited).toMatchObject({ ok: false, error: { hint: expect.stringContaining("did not answer") } });
    expect([status(), read("a.txt")]).toEqual(["", "a\n"]);
    expect(existsSync(join(repository.root, ".git", "MERGE_HEAD"))).toBe(false);
  });

  test("is made with the user's variables", async () => {
    const seen = join(repository.folder, "seen");
    const says = "[GNUPG:] SIG_CREATED D 1 8 00 1 F";
    repository.git(
      "config",
      "gpg.program",
      program("gpg", `env > ${seen}`, "cat > /dev/null", `echo '${says}' >&2`, "echo sig"),
    );
    process.env.GNUPGHOME = "/keys/of/mine";
    try {
      expect(await land()).toMatchObject({ ok: true });
    } finally {
      delete process.env.GNUPGHOME;
    }
    expect(readFileSync(seen, "utf8")).toContain("GNUPGHOME=/keys/of/mine\n");
  });
});

describe("hooks", () => {
  const names = ["pre-merge-commit", "commit-msg", "post-merge"];
  beforeEach(() => {
    repository.commit({ "moved.txt": "on\n" });
    for (const name of [...names, "pre-push"]) hook(name, `echo ${name} >> ../hooks.log`);
  });
  const ran = (): string[] => {
    const log = join(repository.folder, "hooks.log");
    return existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
  };

  test("do not run, and are named", async () => {
    expect(await land()).toMatchObject({ ok: true, value: { hooks_skipped: names } });
    expect(ran()).toEqual([]);
  });

  test("run where they are asked for", async () => {
    expect(await land({ hooks: true })).toMatchObject({ ok: true, value: { hooks_skipped: [] } });
    expect(ran()).toEqual(names);
  });

  test("that see the message run for one commit, too", async () => {
    hook("commit-msg", 'echo "Reviewed-by: Ada" >> "$1"');
    expect(await land({ hooks: true, squash: "All of it\n" })).toMatchObject({ ok: true });
    expect(repository.git("log", "-1", "--format=%B")).toContain("Reviewed-by: Ada");
  });

  test("that refuse leave the checkout as it was", async () => {
    hook("commit-msg", "echo 'no ticket in the subject' >&2", "exit 1");
    const head = repository.git("rev-parse", "HEAD");
    const refused = await land({ hooks: true });
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("no ticket"), hint: expect.stringContaining("hook") },
    });
    expect([repository.git("rev-parse", "HEAD"), status()]).toEqual([head, ""]);
  });
});

describe("the user's settings", () => {
  test("count, wherever they stand, and those of another repository do not", async () => {
    repository.commit({ "moved.txt": "on\n" });
    const file = join(repository.folder, "settings");
    writeFileSync(file, "[user]\n\tname = Named There\n\temail = there@example.org\n");
    repository.git("config", "--unset", "user.name");
    repository.git("config", "--unset", "user.email");
    const other = { GIT_DIR: "/nowhere", GIT_INDEX_FILE: "/nowhere/index" };
    const set = {
      ...other,
      GIT_CONFIG_GLOBAL: file,
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "merge.log",
      GIT_CONFIG_VALUE_0: "true",
    };
    Object.assign(process.env, set);
    try {
      expect(await land()).toMatchObject({ ok: true });
    } finally {
      for (const name of Object.keys(set)) delete process.env[name];
    }
    const [author, body] = repository.git("log", "-1", "--format=%an%x00%B").split("\0");
    expect([author, body?.includes("* result:")]).toEqual(["Named There", true]);
  });

  test("a file that attributes merge does not stop it", async () => {
    repository.commit({ ".gitattributes": "a.txt merge=union\n", "a.txt": "a\ny\n" });
    expect(await land()).toMatchObject({ ok: true });
    expect(read("a.txt").split("\n").sort().join(" ").trim()).toBe("a x y");
  });
});
