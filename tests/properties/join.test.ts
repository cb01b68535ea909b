/** Ways to join two changes of one text: nothing of either is lost, nothing is made up, and one change alone is taken as it is. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editsOf, withEdits } from "../../src/core/5-aggregate/candidates/edits.ts";
import { joinEntities } from "../../src/core/5-aggregate/candidates/join-entities.ts";
import { joinInsertions } from "../../src/core/5-aggregate/candidates/join-insertions.ts";
import { joinLines } from "../../src/core/5-aggregate/candidates/join-lines.ts";
import { joinTokens, tokensOf } from "../../src/core/5-aggregate/candidates/join-tokens.ts";
import { lostOrNew, lostOrNewLines } from "../../src/core/5-aggregate/candidates/keeps-both.ts";
import { withPlainEnds } from "../../src/core/5-aggregate/candidates/line-ends.ts";
import { partsOf } from "../../src/core/5-aggregate/candidates/parts-of.ts";
import { linesOf } from "../../src/core/5-aggregate/smart-merge/regions.ts";
import { rounds } from "../rig/extent.ts";

const options = { numRuns: rounds(300, 3_000) };
const word = fc.constantFrom("a", "b", "c", "d");
const words = fc.array(word, { maxLength: 12 });
const order = fc.constantFrom("ours_first" as const, "theirs_first" as const);
const line = fc.constantFrom("one(1)\n", "two(a, b)\n", "\n", "  three\n", "# four\n", "x = 1.5\n");
const text = fc.array(line, { maxLength: 10 }).map((lines) => lines.join(""));

/** A base of lines that are all different, and two texts that came of it by a few replaced stretches: no line is moved. */
const changed = fc.nat(10).chain((length) => {
  const base = Array.from({ length }, (_, at) => `call${at}(a, b)\n`);
  const added = fc.constantFrom("p(1)\n", "q, r\n", "  # said\n");
  const edits = fc.array(fc.tuple(fc.nat(length), fc.nat(2), fc.array(added, { maxLength: 3 })), { maxLength: 2 });
  const side = edits.map((all) => {
    const lines = [...base];
    for (const [at, gone, news] of all) lines.splice(at, gone, ...news);
    return lines.join("");
  });
  return fc.record({ base: fc.constant(base.join("")), ours: side, theirs: side });
});

describe("edits", () => {
  test("made on the old sequence give the new one", () => {
    fc.assert(
      fc.property(words, words, (old, now) => {
        expect(withEdits(old, editsOf(old, now) ?? [])).toEqual(now);
      }),
      options,
    );
  });
});

describe("a join", () => {
  test("of one change and none is that change, whichever side it is on", () => {
    fc.assert(
      fc.property(text, text, order, (base, now, first) => {
        expect(joinLines({ base, ours: now, theirs: base }, first)?.text).toBe(now);
        expect(joinLines({ base, ours: base, theirs: now }, first)?.text).toBe(now);
      }),
      options,
    );
  });

  test("of whole lines loses no line of either side and adds none", () => {
    fc.assert(
      fc.property(changed, order, (sides, first) => {
        const joined = joinLines(sides, first);
        if (joined === undefined || joined.by.has("tokens")) return;
        expect(lostOrNewLines({ ...sides, merged: joined.text })).toBeUndefined();
      }),
      options,
    );
  });

  test("of words loses no word of either side and adds none", () => {
    const base = Array.from({ length: 9 }, (_, at) => `w${at}`);
    const side = (name: string) =>
      fc.array(fc.tuple(fc.nat(8), fc.boolean()), { maxLength: 2 }).map((edits) => {
        const words = [...base];
        for (const [at, gone] of edits) words.splice(at, gone ? 1 : 0, `${name}${at}`);
        return words.join(" ");
      });
    fc.assert(
      fc.property(side("x"), side("y"), order, (ours, theirs, first) => {
        const sides = { base: base.join(" "), ours, theirs };
        const merged = joinTokens({ base: [sides.base], ours: [ours], theirs: [theirs] }, first);
        if (merged !== undefined) expect(lostOrNew({ ...sides, merged })).toBeUndefined();
      }),
      options,
    );
  });

  test("of two insertions has all lines of both, each in its own order", () => {
    fc.assert(
      fc.property(words, words, order, (ours, theirs, first) => {
        const joined = joinInsertions({ base: [], ours, theirs }, first) ?? [];
        for (const side of [ours, theirs]) {
          let at = 0;
          for (const found of joined) if (found === side[at]) at += 1;
          expect(at).toBe(side.length);
        }
      }),
      options,
    );
  });
});

describe("words", () => {
  test("one after the other are the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (said) => {
        expect(tokensOf(said).join("")).toBe(said);
      }),
      options,
    );
  });

  test.each([
    ["a number both changed", "t = 1.5\n", "t = 2.5\n", "t = 9.5\n"],
    ["two ends of one number", 'h = "10.0.0.1"\n', 'h = "11.0.0.1"\n', 'h = "10.0.0.2"\n'],
    ["a comparison and its bound", "if x > 1:\n", "if x >= 1:\n", "if x > 2:\n"],
    ["a line that one side wrote anew", "a = f(b)\n", "return g.h(i, j, k)\n", "a = f(b, c)\n"],
  ])("are left to people: %s", (_, base, ours, theirs) => {
    expect(
      joinTokens({ base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs) }, "ours_first"),
    ).toBeUndefined();
  });

  test.each([
    ["parameters added by both", "def f(a):\n", "def f(a, b=1):\n", "def f(a, c=2):\n", "def f(a, b=1, c=2):\n"],
    [
      "a name and a parameter",
      "function f(a) {\n",
      "function g(a) {\n",
      "function f(a, b) {\n",
      "function g(a, b) {\n",
    ],
    [
      "parameters added while both spread one line over many",
      "f(a, b)\n",
      "f(\n  a,\n  b,\n  c,\n)\n",
      "f(\n  a,\n  b,\n  d,\n)\n",
      "f(\n  a,\n  b,\n  c,\n  d,\n)\n",
    ],
    [
      "lines put between two that the other side changed",
      "x = f(a)\nreturn x\n",
      "x = g(a)\ny = x\n",
      "x = f(a)\nlog(x)\nreturn x\n",
      "x = g(a)\nlog(x)\ny = x\n",
    ],
    ["a type and a further parameter", "def f(a):\n", "def f(a: int):\n", "def f(a, b):\n", "def f(a: int, b):\n"],
  ])("are joined: %s", (_, base, ours, theirs, joined) => {
    expect(joinTokens({ base: linesOf(base), ours: linesOf(ours), theirs: linesOf(theirs) }, "ours_first")).toBe(
      joined,
    );
  });
});

describe("the proof", () => {
  test("names what is missing, what was made up, and what came back", () => {
    const sides = { base: "a\nb\n", ours: "a\nb\nc\n", theirs: "a\n" };
    expect(lostOrNewLines({ ...sides, merged: "a\nc\n" })).toBeUndefined();
    expect(lostOrNewLines({ ...sides, merged: "a\n" })).toBe('"c" is missing');
    expect(lostOrNewLines({ ...sides, merged: "a\nb\nc\n" })).toContain('"b"');
    expect(lostOrNewLines({ ...sides, merged: "a\nc\nz\n" })).toContain('"z"');
  });
});

const symbols = (...names: [string, number, number][]) =>
  names.map(([name, at, end]) => ({ name, kind: "function", line: at, end, exported: true }));

describe("declarations", () => {
  const three = "import os\n\ndef a():\n    pass\n\n# of b\ndef b():\n    pass\n";
  const parts = partsOf(three, symbols(["a", 3, 4], ["b", 7, 8]));

  test("are the file, with the comments above them", () => {
    expect(parts.map(({ key }) => key)).toEqual([">a", "a", "b"]);
    expect(parts.map((part) => part.text).join("")).toBe(three);
  });

  test("are followed where one side moved them and the other changed them", () => {
    const [head, a, b] = parts;
    if (head === undefined || a === undefined || b === undefined) throw new Error("three parts");
    const changedA = { ...a, text: a.text.replace("pass", "return 1") };
    const found = joinEntities({ base: parts, ours: [head, b, a], theirs: [head, changedA, b] }, "ours_first");
    expect(found?.text).toBe(head.text + b.text + changedA.text);
    expect([...(found?.by ?? [])]).toContain("moved_symbol");
  });

  test("that both sides changed in one place, or that one removed and the other changed, are left to people", () => {
    const as = (text: string) => parts.map((part) => (part.key === "a" ? { ...part, text } : part));
    const without = parts.filter(({ key }) => key !== "a");
    const one = as("\ndef a():\n    return 1\n");
    expect(
      joinEntities({ base: parts, ours: one, theirs: as("\ndef a():\n    return 2\n") }, "ours_first"),
    ).toBeUndefined();
    expect(joinEntities({ base: parts, ours: one, theirs: without }, "ours_first")).toBeUndefined();
  });
});

describe("line ends", () => {
  test("and the byte order mark come back as they were", () => {
    const windows = { base: "\uFEFFa\r\nb\r\n", ours: "\uFEFFa\r\nb\r\nc\r\n", theirs: "\uFEFFa\r\nb\r\nd\r\n" };
    const found = withPlainEnds(windows);
    expect(found?.plain.theirs).toBe("a\nb\nd\n");
    expect(found?.restored("a\nd\n")).toBe("\uFEFFa\r\nd\r\n");
  });

  test("that one side changed, or that are mixed, are left to people", () => {
    expect(withPlainEnds({ base: "a\nb\n", ours: "a\r\nb\r\n", theirs: "a\nc\n" })).toBeUndefined();
    expect(withPlainEnds({ base: "a\r\nb\r\n", ours: "a\r\nb\n", theirs: "a\r\n" })).toBeUndefined();
    expect(withPlainEnds({ base: "a\rb\n", ours: "a\rb\n", theirs: "a\rb\n" })).toBeUndefined();
    expect(withPlainEnds({ base: "a\n", ours: "\uFEFFa\n", theirs: "a\n" })).toBeUndefined();
  });
});
