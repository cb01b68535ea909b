import { expect, test } from "vitest";
import { LineReader } from "../../../src/adapters/process/line-reader.ts";

function read(chunks: string[], cap?: number): { lines: string[]; dropped: number } {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line), cap);
  for (const chunk of chunks) reader.write(Buffer.from(chunk));
  reader.end();
  return { lines, dropped: reader.dropped };
}

test("puts lines together, wherever the stream was cut", () => {
  expect(read(["on", "e\ntw", "o\n", "\n\nthree"])).toEqual({ lines: ["one", "two", "three"], dropped: 0 });
});

test("keeps a character whole that was cut in the middle", () => {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  for (const byte of Buffer.from("größe\n")) reader.write(Buffer.from([byte]));
  expect(lines).toEqual(["größe"]);
});

test("drops and counts what is longer than the cap, and reads on after it", () => {
  expect(read(["ok\n", "0123456789", "0123456789\nshort\n"], 8)).toEqual({ lines: ["ok", "short"], dropped: 1 });
  expect(read(["012345678"], 8)).toEqual({ lines: [], dropped: 1 });
  expect(read(["01234567\n"], 8)).toEqual({ lines: ["01234567"], dropped: 0 });
});

test("does not grow with a line of 300 MB", () => {
  const lines: string[] = [];
  const reader = new LineReader((line) => lines.push(line));
  const chunk = Buffer.alloc(1024 * 1024, 0x61);
  const before = process.memoryUsage().rss;
  for (let count = 0; count < 300; count++) reader.write(chunk);
  reader.write(Buffer.from('\n{"after":true}\n'));
  expect({ lines, dropped: reader.dropped }).toEqual({ lines: ['{"after":true}'], dropped: 1 });
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
});
