/** The parser's module record: what a JavaScript or TypeScript file imports and exports, and where. */
import type { parseSync } from "oxc-parser";

export type ModuleRecord = ReturnType<typeof parseSync>["module"];

export interface Parsed {
  module: ModuleRecord;
  errors: number;
}

type ParseSync = typeof parseSync;

let loading: Promise<ParseSync | undefined> | undefined;

/** Undefined where the parser's binary cannot be loaded. */
export async function nativeParser(): Promise<ParseSync | undefined> {
  loading ??= import("oxc-parser").then(
    (loaded) => loaded.parseSync,
    () => undefined,
  );
  return loading;
}

/** The parser knows languages by file name; a declaration file is recognised by its own ending. */
export function parserName(path: string): string {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (extension === "js" || extension === "mjs" || extension === "cjs") return "file.jsx";
  return path.endsWith(".d.ts") ? "file.d.ts" : `file.${extension}`;
}
