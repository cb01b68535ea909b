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
    comments: (format, text) => commentsIn(text, DIALECTS[format].comments),
    graft(format, { into, from }, places) {
      const { graft, read } = DIALECTS[format];
      let text: string | undefined = into;
      for (const place of places) text = text === undefined ? undefined : graft(text, from, place);
      return text === undefined || read(text) === undefined ? undefined : text;
    },
  };
}

function commentsIn(text: string, comments: RegExp): string[] {
  return [...text.matchAll(comments)].map(([found]) => found.replace(/^[,\s]+/, "").trim());
}
