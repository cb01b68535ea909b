/** Which files are merged by their keys, by name. */
import type { StructuredFormat } from "../../ports/structured-text.ts";

export function formatOf(path: string): StructuredFormat | undefined {
  if (/\.(json|jsonc|webmanifest)$/i.test(path) || /(^|\/)\.(babelrc|eslintrc|prettierrc)$/.test(path)) return "json";
  return /\.ya?ml$/i.test(path) ? "yaml" : undefined;
}
