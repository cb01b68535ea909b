import { expect, test } from "vitest";
import { plainPath } from "../../../src/core/0-knowledge/wanted-file.ts";

test.each([
  ["guides/a.md", "guides/a.md"],
  ["./guides//./a.md", "guides/a.md"],
  ["guides/", "guides/"],
  ["guides//", "guides/"],
  ["/etc/passwd", "/etc/passwd"],
  ["../a.md", "../a.md"],
  ["./", ""],
  ["/", "/"],
  ["", ""],
])("plainPath writes %j as %j", (written, plain) => {
  expect(plainPath(written)).toEqual(plain);
});
