/** The structured-text port: JSON (comments allowed) through jsonc-parser, YAML through yaml; both keep what they do not touch byte for byte. */
import type { KeyPath, StructuredFormat, StructuredText } from "../../core/ports/structured-text.ts";
import { graftJson, readJson } from "./json-text.ts";
import { graftYaml, readYaml } from "./yaml-text.ts";

interface Dialect {
  read(text: string): { value: unknown } | undefined;
  graft(into: string, from: string, place: KeyPath): string | undefined;
  comments: RegExp;
}

const DIALECTS: Record<StructuredFormat, Dialect> = {
  json: { read: readJson, graft: graftJson, comments: /^\s*(\/\/.*|\/\*.*|\*.*)$|,?\s(\/\/.*)$/gm },
  yaml: { read: readYaml, graft: graftYaml, comments: /(?:^|\s)(#.*)$/gm },
};

export function structuredText(): StructuredText {
  return {
    read: (format, text) => DIALECTS[format].read(text),
    graft(format, { into, from }, places) {
      const { graft, read, comments } = DIALECTS[format];
      let text: string | undefined = into;
      for (const place of places) text = text === undefined ? undefined : graft(text, from, place);
      if (text === undefined || read(text) === undefined) return undefined;
      return keepsComments(text, { from, comments }) ? text : undefined;
    },
  };
}

/** A comment that came with a value must not get lost on the way. */
function keepsComments(text: string, { from, comments }: { from: string; comments: RegExp }): boolean {
  const kept = countsOf(text, comments);
  return [...countsOf(from, comments)].every(([comment, count]) => (kept.get(comment) ?? 0) >= count);
}

function countsOf(text: string, comments: RegExp): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [found] of text.matchAll(comments)) {
    const comment = found.replace(/^[,\s]+/, "").trim();
    counts.set(comment, (counts.get(comment) ?? 0) + 1);
  }
  return counts;
}
