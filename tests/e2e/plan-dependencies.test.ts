/** `forkjoin plan` over code: dependencies nobody declared, told with file and line, and drawn. */
import { describe, expect, test } from "vitest";
import { Rig } from "../rig/rig.ts";

const FILES = {
  "lib/money.ts": "export function add(a: number, b: number) {\n  return a + b;\n}\nexport const zero = 0;\n",
  "app/cart.ts":
    'import { add } from "../lib/money.js";\n\nexport function total(items: number[]) {\n  return items.reduce(add);\n}\n',
  "app/empty.ts": 'import "../lib/money.js";\n',
  "ping.ts": 'import { pong } from "./pong";\nexport const ping = () => pong;\n',
  "pong.ts": 'import { ping } from "./ping";\nexport const pong = () => ping;\n',
  "half.ts": "export const half = (\n",
};

const TASKS = [
  { id: "cart", files: ["app/cart.ts"] },
  { id: "empty", files: ["app/empty.ts", "half.ts"] },
  { id: "money", files: ["lib/money.ts"], modifies: ["lib/money.ts#add"] },
  { id: "ping", files: ["ping.ts"] },
  { id: "pong", files: ["pong.ts"] },
];

async function planned(...more: string[]): Promise<string> {
  await using rig = await Rig.create({ files: FILES });
  const { code, stdout, stderr } = await rig.cli(["plan", "--tasks", rig.tasks(...TASKS), ...rig.usual, ...more]);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  return stdout;
}

describe("plan", () => {
  test("says with file and line why a task waits, what keeps two apart, and what is worth knowing", async () => {
    const text = await planned();
    for (const line of [
      "waits, because the code says so:\n  money → cart: app/cart.ts:4 (total) uses add of lib/money.ts, which money modifies",
      "never side by side:\n  ping | pong: pong.ts:2 (pong) uses ping of ping.ts, which ping may change",
      "import: money → empty: app/empty.ts:1 imports lib/money.ts, which money may change",
      "not read, or only in part:\n  half.ts: syntax errors",
      "suggestions:\n  make ping, pong one task; or say which goes first",
    ]) {
      expect(text).toContain(line);
    }
    expect(text).toMatch(/batch 2 {2}cart .* after money/);
  });

  test("lets imports order, and nothing that is inferred, as --evidence says", async () => {
    expect(await planned("--evidence", "declared,import")).toContain("code says so:\n  money → empty: app/empty.ts:1");
    expect(await planned("--evidence", "declared")).not.toContain("code says so");
  });

  test.each([
    ["mermaid", "t3 -->|symbol| t1"],
    ["graphml", '<edge source="money" target="cart"><data key="kind">symbol</data>'],
  ])("draws the dependency graph: --graph %s", async (format, edge) => {
    expect(await planned("--graph", format)).toContain(edge);
  });

  test("names the formats there are when asked for another", async () => {
    await using rig = await Rig.create({ files: FILES });
    const { code, stderr } = await rig.cli(["plan", "--tasks", rig.tasks(...TASKS), ...rig.usual, "--graph", "png"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("Allowed choices are mermaid, dot, graphml")]);
  });
});
