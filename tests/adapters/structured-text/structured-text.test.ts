/** One value carried from one text into another: what is around it stays byte for byte, and what cannot be said faithfully is refused. */
import { describe, expect, test } from "vitest";
import { structuredText } from "../../../src/adapters/structured-text/structured-text.ts";

const { read, graft, comments } = structuredText();

describe("JSON", () => {
  const into = '{\n\t"name": "x",\n\t"a": { "deep": [1, 2] },\n\t"z": 1.10\n}\n';

  test("keeps numbers as they are written", () => {
    expect(read("json", '{"a": 1.10, "b": 12345678901234567890}')).toEqual({
      value: { a: ["\0number", "1.10"], b: ["\0number", "12345678901234567890"] },
    });
  });

  test.each(['{"a": 1, "a": 2}', '{"a": 1', '{"__proto__": 1}', "", "{} {}"])("is not sound: %j", (text) => {
    expect(read("json", text)).toBeUndefined();
  });

  test("sets, adds beside its neighbour and removes, with the indentation that is there", () => {
    const from = '{\n  "name": "x",\n  "a": { "deep": [1, 2], "more": true },\n  "b": "new",\n  "z": 2\n}\n';
    expect(graft("json", { into, from }, [["b"], ["z"], ["a", "more"]])).toBe(
      '{\n\t"name": "x",\n\t"a": { "deep": [1, 2], "more": true },\n\t"b": "new",\n\t"z": 2\n}\n',
    );
    expect(graft("json", { into, from: '{\n  "name": "x",\n  "z": 1.10\n}' }, [["a"]])).toBe(
      '{\n\t"name": "x",\n\t"z": 1.10\n}\n',
    );
  });

  test("keeps carriage returns and comments, and says which comments there are", () => {
    const commented = '{\r\n  // why\r\n  "a": 1,\r\n  "b": 2\r\n}\r\n';
    expect(graft("json", { into: commented, from: '{"a": 1, "b": 3}' }, [["b"]])).toBe(
      '{\r\n  // why\r\n  "a": 1,\r\n  "b": 3\r\n}\r\n',
    );
    expect(comments("json", commented)).toEqual(["// why"]);
  });
});

describe("YAML", () => {
  const into =
    "# head\non: push\njobs:\n  # builds\n  build:\n    run: make # fast\n\n  test: { run: check }\nversion: 3.10\n";

  test("keeps numbers and braces as they are written", () => {
    expect(read("yaml", into)).toEqual({
      value: {
        on: "push",
        jobs: { build: { run: "make" }, test: ["\0flow", "{ run: check }"] },
        version: ["\0number", "3.10"],
      },
    });
  });

  test.each(["a: &x 1\nb: *x\n", "a: 1\na: 2\n", "a: !tag 1\n", "1: a\n", "a: 1\n---\nb: 2\n", "a: [1\n"])(
    "is not sound: %j",
    (text) => expect(read("yaml", text)).toBeUndefined(),
  );

  test("sets, adds with the comment above, and removes", () => {
    const from = `${into.replace("make # fast", "make # fast\n    shell: sh")}# last\nnew:\n  - 1\n`;
    expect(graft("yaml", { into, from }, [["jobs", "build", "shell"], ["new"]])).toBe(from);
    const shorter = "# head\non: push\njobs:\n  test: { run: check }\nversion: 3.10\n";
    expect(graft("yaml", { into, from: shorter }, [["jobs", "build"]])).toBe(
      "# head\non: push\njobs:\n\n  test: { run: check }\nversion: 3.10\n",
    );
  });

  test("replaces a value with the lines it is written in", () => {
    const from = into.replace("run: make # fast", "run: |\n      make\n      install");
    expect(graft("yaml", { into, from }, [["jobs", "build", "run"]])).toBe(from);
  });

  test("refuses another indentation, a map in braces and the last entry", () => {
    expect(graft("yaml", { into, from: "jobs:\n    more: 1\n" }, [["jobs", "more"]])).toBeUndefined();
    expect(graft("yaml", { into, from: "jobs:\n  test: { run: other }\n" }, [["jobs", "test", "run"]])).toBeUndefined();
    expect(graft("yaml", { into: "a: 1\n", from: "b: 1\n" }, [["a"]])).toBeUndefined();
  });
});
