/** The operator's configuration and task files: what is read, and what is said about what cannot be. */
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { loadConfiguration } from "../../../src/adapters/configuration/load-configuration.ts";
import { readTaskFiles } from "../../../src/adapters/configuration/read-task-files.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "forkjoin-configuration-")));
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string, name = "file.yaml"): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a configuration file", () => {
  test("may be empty: then the defaults hold", async () => {
    const loaded = await loadConfiguration(file("# nothing\n"));
    expect(loaded).toMatchObject({ ok: true, value: { max_parallel: 5, same_file: "sequential", validate: [] } });
  });

  test("gives agents as names of variables or as a map of values", async () => {
    const text = "agents:\n  one: {command: [a], env: [KEY]}\n  two: {command: [b], env: {KEY: value}, timeout: 90s}\n";
    expect(await loadConfiguration(file(text))).toMatchObject({
      value: { agents: { one: { env: ["KEY"], timeout: "30min" }, two: { env: { KEY: "value" }, timeout: "90s" } } },
    });
  });

  test.each([
    ["max_parallel: many", ["max_parallel", "many"]],
    ["agents: {a: {command: []}}", ["agents.a.command"]],
    ["agents: {a: {preset: hal}}", ["agents.a.preset", "hal"]],
    ["colour: red", ["colour", "known keys: agents"]],
    ["setup: [npm ci]", ["setup.0", "npm ci"]],
    ["[1, 2", ["is no YAML"]],
    ["conflict_resolution: luck", ["conflict_resolution", "luck"]],
  ])("%j is refused with its field and value", async (text, said) => {
    const loaded = await loadConfiguration(file(text));
    if (loaded.ok) expect.fail("it was accepted");
    expect(loaded.error.code).toBe("invalid_configuration");
    for (const part of said) expect(`${loaded.error.message}\n${loaded.error.hint}`).toContain(part);
  });

  test("that is missing or too large is named", async () => {
    expect(await loadConfiguration(join(folder, "none.yaml"))).toMatchObject({
      error: { message: expect.stringContaining("none.yaml cannot be read") },
    });
    expect(await loadConfiguration(file(`# ${"x".repeat(2_200_000)}`))).toMatchObject({
      error: { message: expect.stringContaining("bytes") },
    });
  });

  test("cannot grow by aliases without end", async () => {
    const bomb = ["a: &a [x, x, x, x, x, x, x, x, x, x]"];
    for (const [from, to] of ["ab", "bc", "cd", "de", "ef"].map((pair) => [...pair])) {
      bomb.push(`${to}: &${to} [${Array.from({ length: 10 }, () => `*${from}`).join(", ")}]`);
    }
    expect(await loadConfiguration(file(bomb.join("\n")))).toMatchObject({ ok: false });
  });
});

describe("task files", () => {
  test("hold one task each, or a list with a request; the first request counts", async () => {
    const one = file("id: a\ndescription: A\n", "one.yaml");
    const two = file("request: Second\ntasks: [{id: b}, {id: c}]\n", "two.yaml");
    const three = file("request: Third\ntasks: []\n", "three.yaml");
    expect(await readTaskFiles([one, two, three])).toEqual({
      ok: true,
      value: { request: "Second", tasks: [{ id: "a", description: "A" }, { id: "b" }, { id: "c" }] },
    });
  });

  test("name the file and the place where one is no YAML", async () => {
    const read = await readTaskFiles([file("a: 1\nb: [1, 2\nc: 3\n", "broken.yaml")]);
    expect(read).toMatchObject({ error: { message: expect.stringMatching(/broken\.yaml is no YAML: .*line 3/) } });
  });
});
