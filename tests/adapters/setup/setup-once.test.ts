/** Packages that one setup installs and every workspace of the same recipe gets: with real commands in real workspaces, without a sandbox. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { commandValidator } from "../../../src/adapters/process/command-validator.ts";
import { bubblewrap } from "../../../src/adapters/sandbox/bubblewrap.ts";
import { forgetTemplates } from "../../../src/adapters/setup/forget-templates.ts";
import { SetupOnce } from "../../../src/adapters/setup/setup-once.ts";
import type { CheckResult } from "../../../src/core/model/report.ts";
import type { Result } from "../../../src/core/model/result.ts";
import type { SetupRequest } from "../../../src/core/ports/setup.ts";
import type { Validator } from "../../../src/core/ports/validator.ts";
import type { Installed, Workspace } from "../../../src/core/ports/workspace.ts";
import { CLONES } from "../../rig/clones.ts";
import { SANDBOX } from "../../rig/sandbox.ts";
import { TemporaryRepository } from "../git/temporary.ts";

const LOCK = "package-lock.json";
const FILES = {
  ".gitignore": "node_modules\nbuilt\n",
  "package.json": '{ "name": "shop", "workspaces": ["packages/*"] }\n',
  "packages/a/package.json": '{ "name": "a" }\n',
  "packages/a/index.js": "1\n",
  [LOCK]: "{}\n",
};
/** Stands for npm: installs what no other installation has, and leaves what MORE says besides. */
const NPM = `
mkdir -p node_modules/lib node_modules/.bin packages/a/node_modules/deep
date +%s%N > node_modules/lib/index.js
chmod 755 node_modules/lib/index.js
ln -s ../lib/index.js node_modules/.bin/lib
ln -s "$PWD/packages/a" node_modules/a
echo deep > packages/a/node_modules/deep/index.js
mkdir -p node_modules/.cache "$HOME/.npm" && echo x > node_modules/.cache/old
`;

class Shop extends TemporaryRepository {
  readonly path: string | undefined = process.env.PATH;
  readonly home: string = join(this.folder, "home");
  readonly validator: Validator = commandValidator(bubblewrap(this.home));
  readonly setup: SetupOnce = this.server();
  #count = 0;

  constructor(more = "") {
    super();
    this.commit(FILES);
    this.program(more);
    process.env.PATH = `${join(this.folder, "bin")}${delimiter}${this.path}`;
  }

  /** Another process, as far as this port can tell. */
  server(): SetupOnce {
    return new SetupOnce({ validator: this.validator, sandbox: bubblewrap(this.home), home: this.home });
  }

  program(more: string): void {
    const file = join(this.folder, "bin", "npm");
    rmSync(file, { force: true });
    this.write("bin/npm", `#!/bin/sh\necho run >> ${this.folder}/npm.log\n${NPM}${more}\n`);
    chmodSync(file, 0o755);
  }

  get installations(): number {
    const log = join(this.folder, "npm.log");
    return existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0;
  }

  get templates(): string[] {
    const folder = join(this.home, "packages");
    return existsSync(folder) ? readdirSync(folder).flatMap((name) => readdirSync(join(folder, name)).sort()) : [];
  }

  /** A fresh workspace at HEAD. */
  async fresh(): Promise<Workspace> {
    this.#count += 1;
    const request = { run_id: "run", name: `task/${this.#count}`, base: "HEAD", copy: [] };
    const base = this.git("rev-parse", "HEAD").trim();
    const created = await (await this.workspaces()).create({ ...request, base }, new AbortController().signal);
    if (!created.ok) throw new Error(created.error.message);
    return created.value;
  }

  async prepare(
    workspace: Workspace,
    { setup = this.setup, ...more }: Partial<SetupRequest> & { setup?: SetupOnce } = {},
  ): Promise<Result<Installed>> {
    const files = await (await this.open()).files(this.git("rev-parse", "HEAD").trim());
    const request: SetupRequest = {
      ...{ workspace, files, repository: this.root, commands: [["npm", "ci"]], copied: [], scope: ["src/**"] },
      ...{ sandbox: "off", byClient: false, share: true, ...more },
    };
    return setup.prepare(request, new AbortController().signal);
  }

  async prepared(more: Partial<SetupRequest> & { setup?: SetupOnce } = {}): Promise<Workspace & { what: Installed }> {
    const workspace = await this.fresh();
    const installed = await this.prepare(workspace, more);
    if (!installed.ok) throw new Error(installed.error.message);
    return Object.assign(workspace, { what: installed.value });
  }

  override [Symbol.dispose](): void {
    process.env.PATH = this.path;
    super[Symbol.dispose]();
  }
}

const OLD = "node_modules/.cache/old";
const LIB = "node_modules/lib/index.js";
const inode = (workspace: Workspace, path = LIB): number => lstatSync(join(workspace.directory, path)).ino;
const text = (workspace: Workspace, path: string): string => readFileSync(join(workspace.directory, path), "utf8");

test("one installation serves workspaces that come at the same moment, another server's and later ones", async () => {
  using shop = new Shop();
  const [a, b, c] = await Promise.all([shop.prepared(), shop.prepared(), shop.prepared()]);
  const later = await shop.prepared({ setup: shop.server() });
  expect(shop.installations).toBe(1);
  for (const other of [b, c, later]) {
    expect([text(other, LIB), inode(other) === inode(a)]).toEqual([text(a, LIB), !CLONES]);
    expect(text(other, "packages/a/node_modules/deep/index.js")).toBe("deep\n");
    expect(text(other, "node_modules/.bin/lib")).toBe(text(a, LIB));
    expect(lstatSync(join(other.directory, LIB)).mode & 0o777).toBe(CLONES ? 0o755 : 0o555);
    await other.snapshot();
    expect(await other.changes()).toEqual({ ok: true, value: [] });
  }
  const caches = [a, b, c, later].map((one) => (existsSync(join(one.directory, OLD)) ? 1 : 0));
  expect(caches.filter((entries) => entries === 0).length).toBe(3);
  writeFileSync(join(b.directory, "packages/a/index.js"), "2\n");
  expect([text(b, "node_modules/a/index.js"), text(c, "node_modules/a/index.js")]).toEqual(["2\n", "1\n"]);
  expect(later.what).toMatchObject({
    shared: !CLONES,
    folders: ["node_modules", "packages/a/node_modules"].map((path) => join(later.directory, path)),
  });
});

test("a workspace is set up for itself where its task may change the lock file, names a package.json, or nothing is to be shared", async () => {
  using shop = new Shop();
  const first = await shop.prepared();
  const alone = [{ scope: ["**"] }, { scope: ["packages/a/package.json"] }, { share: false }];
  for (const [index, more] of alone.entries()) {
    const own = await shop.prepared(more);
    expect([shop.installations, own.what.shared, own.what.folders.length]).toEqual([2 + index, false, 2]);
    expect(inode(own)).not.toBe(inode(first));
    expect(lstatSync(join(own.directory, LIB)).mode & 0o777).toBe(0o755);
  }
  await shop.prepared({ scope: ["packages/a/**"] });
  expect(shop.installations).toBe(4);
});

test("what decides the packages decides who shares them: another lock file, another command, scripts of the repository's own", async () => {
  using shop = new Shop();
  await shop.prepared();
  shop.commit({ "packages/a/index.js": "3\n" });
  await shop.prepared();
  expect(shop.installations).toBe(1);
  shop.commit({ [LOCK]: '{ "lockfileVersion": 3 }\n' });
  await shop.prepared();
  await shop.prepared({ commands: [["npm", "ci", "--omit=dev"]] });
  expect(shop.installations).toBe(3);
  shop.commit({ "package.json": '{ "scripts": { "prepare": "node packages/a" } }\n' });
  await shop.prepared();
  await shop.prepared();
  expect(shop.installations).toBe(4);
  shop.commit({ "packages/a/index.js": "4\n" });
  await shop.prepared();
  expect(shop.installations).toBe(5);
});

test.skipIf(CLONES || !SANDBOX.works)(
  "in the sandbox they are held: a check that writes into them fails, and is told why",
  async () => {
    using shop = new Shop();
    const [a, b] = [await shop.prepared({ sandbox: "auto" }), await shop.prepared({ sandbox: "auto" })];
    await b.keepInstalled(b.what);
    const tried = async (script: string): Promise<CheckResult> => {
      const check = { command: ["sh", "-c", script], env: [], timeout: "1min" };
      return shop.validator.run({ name: "t", check, workspace: b, sandbox: "auto" }, new AbortController().signal);
    };
    const refused = await tried(`echo mine > ${LIB}`);
    expect(refused).toMatchObject({ passed: false, output: expect.stringContaining("share_packages: false") });
    expect(await tried("rm -r node_modules/lib")).toMatchObject({ passed: false });
    expect(await tried("echo x > node_modules/.vite/x && echo x > packages/a/node_modules/.cache/x")).toMatchObject({
      passed: true,
    });
    expect(text(b, LIB)).toBe(text(a, LIB));
    expect(lstatSync(join(b.directory, LIB)).mode & 0o777).toBe(0o755);
    expect(inode(await shop.prepared())).not.toBe(inode(a));
  },
);

test.each([
  ["in the workspace", "mkdir built && echo x > built/x"],
  ["in the home", 'mkdir -p "$HOME/.cache/browsers"'],
  ["in git's settings", "git config core.hooksPath .githooks"],
  [
    "packages in a store of its home",
    'mkdir -p "$HOME/.local/share/pnpm/p" && ln -s "$HOME/.local/share/pnpm/p" node_modules/p',
  ],
])("a setup that leaves more than packages, %s, runs whole in every workspace", async (_, more) => {
  using shop = new Shop(more);
  const [a, b] = await Promise.all([shop.prepared(), shop.prepared()]);
  await shop.prepared();
  expect([shop.installations, a.what.shared, b.what.shared]).toEqual([3, false, false]);
  expect(shop.templates).toEqual([expect.stringMatching(/\.whole$/)]);
});

test("a setup that fails leaves no template, and the next one is tried anew", async () => {
  using shop = new Shop("echo no network; exit 4");
  const failed = await Promise.all([shop.fresh(), shop.fresh()].map(async (one) => shop.prepare(await one)));
  for (const result of failed) {
    expect(result).toMatchObject({ error: { code: "setup_failed", message: expect.stringContaining("no network") } });
  }
  expect(shop.templates).toEqual([]);
  shop.program("");
  const [one, two] = [await shop.prepared(), await shop.prepared()];
  expect(text(one, LIB)).toBe(text(two, LIB));
});

test.runIf(CLONES)("where files are cloned, what one workspace writes is no other's", async () => {
  using shop = new Shop();
  const [a, b] = await Promise.all([shop.prepared(), shop.prepared()]);
  writeFileSync(join(a.directory, LIB), "mine\n");
  expect([text(b, LIB), text(await shop.prepared(), LIB)]).not.toContain("mine\n");
  expect([shop.installations, await shop.setup.spoiled(a), await shop.setup.spoiled(b)]).toEqual([1, [], []]);
});

test.skipIf(CLONES)(
  "what was written into is told to every workspace that has it, given to none that comes, and installed anew",
  async () => {
    using shop = new Shop();
    const [a, b, c] = await Promise.all([shop.prepared(), shop.prepared(), shop.prepared()]);
    rmSync(join(c.directory, "node_modules/lib"), { recursive: true });
    chmodSync(join(a.directory, LIB), 0o644);
    writeFileSync(join(a.directory, LIB), "evil\n");
    const next = await shop.prepared();
    expect([shop.installations, text(next, LIB) === "evil\n"]).toEqual([2, false]);
    expect(await shop.setup.spoiled(a)).toEqual([LIB]);
    expect(await shop.setup.spoiled(b)).toEqual([LIB]);
    expect(await shop.setup.spoiled(c)).toEqual([]);
    expect(await shop.setup.spoiled(next)).toEqual([]);
    expect(inode(await shop.prepared())).toBe(inode(next));
  },
);

test("what a killed process left half made is in nobody's way, and goes with what nobody used for a week", async () => {
  using shop = new Shop();
  await shop.prepared();
  const [template = ""] = shop.templates;
  const folder = join(shop.home, "packages", readdirSync(join(shop.home, "packages"))[0] ?? "");
  rmSync(join(folder, template, "template.json"));
  writeFileSync(join(folder, `${template}.1.draft`), "");
  const next = await shop.prepared();
  expect([shop.installations, next.what.shared]).toEqual([2, false]);
  rmSync(join(folder, template), { recursive: true });
  await shop.prepared();
  const now = Date.now();
  expect(await forgetTemplates(shop.home, now)).toEqual([]);
  expect(shop.templates).toEqual([template, `${template}.1.draft`]);
  expect(await forgetTemplates(shop.home, now + 2 * 3_600_000)).toEqual([]);
  expect(shop.templates).toEqual([template]);
  utimesSync(join(folder, template), new Date(), new Date(now - 8 * 86_400_000));
  expect(await forgetTemplates(shop.home, now)).toEqual([join(folder, template)]);
  expect(shop.templates).toEqual([]);
});

test.skipIf(CLONES)(
  "a file that the package manager's store has, too, is nobody's who writes into the store",
  async () => {
    using shop = new Shop(`mkdir -p "$HOME/.local/share/pnpm" && ln ${LIB} "$HOME/.local/share/pnpm/x"`);
    const [a, b] = [await shop.prepared(), await shop.prepared()];
    const before = text(b, LIB);
    expect(a.what.shared).toBe(true);
    writeFileSync(join(a.folder, "home/.local/share/pnpm/x"), "evil\n");
    expect([text(a, LIB), text(b, LIB), text(await shop.prepared(), LIB)]).toEqual([before, before, before]);
  },
);

test.skipIf(CLONES)("packages that were moved fail the attempt, and no check runs beside them", async () => {
  using shop = new Shop();
  await shop.prepared();
  const b = await shop.prepared();
  await b.snapshot();
  await b.keepInstalled(b.what);
  expect([b.movedPackages(), await b.tampering()]).toEqual([[], []]);
  renameSync(join(b.directory, "packages/a"), join(b.directory, "packages/b"));
  mkdirSync(join(b.directory, "packages/a/node_modules"), { recursive: true });
  expect(await b.tampering()).toMatchObject([
    { path: "packages/a/node_modules", rule: expect.stringContaining("moved") },
  ]);
  const check = { command: ["touch", "ran"], env: [], timeout: "1min" };
  const request = { name: "t", check, workspace: b, sandbox: "off" } as const;
  const result = await shop.validator.run(request, new AbortController().signal);
  expect(result).toMatchObject({ passed: false, output: expect.stringContaining("packages/a/node_modules") });
  expect(existsSync(join(b.directory, "ran"))).toBe(false);
});

test("commands that do more than install run in every workspace", async () => {
  using shop = new Shop();
  const commands = [
    ["npm", "ci"],
    ["sh", "-c", "git config core.hooksPath .githooks"],
  ];
  const [a, b] = [await shop.prepared({ commands }), await shop.prepared({ commands })];
  expect([shop.installations, a.what.shared, b.what.shared, shop.templates]).toEqual([2, false, false, []]);
});

test("a template whose notes were cut off goes, and is made again", async () => {
  using shop = new Shop();
  await shop.prepared();
  const [repository = ""] = readdirSync(join(shop.home, "packages"));
  const [template = ""] = shop.templates;
  writeFileSync(join(shop.home, "packages", repository, template, "template.json"), "");
  const [a, b] = [await shop.prepared(), await shop.prepared()];
  expect([shop.installations, text(a, LIB) === text(b, LIB)]).toEqual([2, true]);
});
