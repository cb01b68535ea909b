/** YAML as values, and one entry of a block map carried from one text into another as the very lines it is written in. */
import { type Document, isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from "yaml";
import type { KeyPath } from "../../core/ports/structured-text.ts";

/** Undefined for broken text, several documents, keys twice, and what plain values cannot say: anchors, tags, keys that are no text. */
export function readYaml(text: string): { value: unknown } | undefined {
  const document = documentOf(text);
  if (document === undefined) return undefined;
  try {
    return { value: exact(document.contents, text) };
  } catch (error) {
    if (error instanceof Unsound) return undefined;
    throw error;
  }
}

class Unsound extends Error {}

function documentOf(text: string): Document.Parsed | undefined {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: true });
  return document.errors.length > 0 || document.warnings.length > 0 ? undefined : document;
}

/** Numbers and maps in braces stay as they are written: 3.10 is not 3.1, and a map in braces is not taken apart. */
function exact(node: unknown, text: string): unknown {
  if (node === null) return null;
  if (isScalar(node)) {
    if (node.anchor !== undefined || node.tag !== undefined) throw new Unsound();
    return typeof node.value === "number" ? ["\0number", sliceOf(node.range, text)] : node.value;
  }
  if (!isMap(node) && !isSeq(node)) throw new Unsound();
  if (node.anchor !== undefined || node.tag !== undefined) throw new Unsound();
  if (isSeq(node)) return node.items.map((item) => exact(item, text));
  return node.flow === true ? ["\0flow", sliceOf(node.range, text)] : mapOf(node, text);
}

function mapOf(map: YAMLMap, text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const pair of map.items) {
    const key = keyOf(pair);
    if (key === undefined || key === "__proto__" || key === "<<") throw new Unsound();
    found[key] = exact(pair.value, text);
  }
  return found;
}

function keyOf(pair: Pair): string | undefined {
  return isScalar(pair.key) && typeof pair.key.value === "string" ? pair.key.value : undefined;
}

type Range = readonly [number, number, number] | null | undefined;

function sliceOf(range: Range, text: string): string {
  return range == null ? "" : text.slice(range[0], range[1]);
}

/** The lines of one entry, without and with the comment lines right above it. */
interface Entry {
  key: string;
  column: number;
  start: number;
  commented: number;
  end: number;
}

export function graftYaml(into: string, from: string, place: KeyPath): string | undefined {
  const key = String(place.at(-1));
  const source = entriesAt(from, place.slice(0, -1));
  const target = entriesAt(into, place.slice(0, -1));
  const wanted = source?.find((entry) => entry.key === key);
  const present = target?.find((entry) => entry.key === key);
  if (target === undefined || (wanted !== undefined && wanted.column !== target[0]?.column)) return undefined;
  if (wanted === undefined) return present === undefined ? into : without(into, present, target.length);
  if (present !== undefined) return spliced(into, present.start, present.end, from.slice(wanted.start, wanted.end));
  const before = (source ?? []).slice(0, source?.indexOf(wanted)).map((entry) => entry.key);
  const neighbour = target.findLast((entry) => before.includes(entry.key));
  const at = neighbour === undefined ? (target[0]?.commented ?? 0) : neighbour.end;
  return spliced(into, at, at, from.slice(wanted.commented, wanted.end));
}

/** The last entry of a map stays: what an empty one should look like is not ours to decide. */
function without(text: string, { commented, end }: Entry, size: number): string | undefined {
  return size < 2 ? undefined : spliced(text, commented, end, "");
}

function spliced(text: string, start: number, end: number, part: string): string {
  const lead = start > 0 && text[start - 1] !== "\n" ? "\n" : "";
  const close = part === "" || part.endsWith("\n") || end >= text.length ? "" : "\n";
  return `${text.slice(0, start)}${lead}${part}${close}${text.slice(end)}`;
}

/** Entries of the block map at `place`, in order; undefined when there is no such map. */
function entriesAt(text: string, place: KeyPath): Entry[] | undefined {
  const document = documentOf(text);
  const map = place.length === 0 ? document?.contents : document?.getIn(place, true);
  if (!isMap(map) || map.flow === true) return undefined;
  const entries = map.items.map((pair) => entryOf(text, pair));
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function entryOf(text: string, pair: Pair): Entry | undefined {
  const key = keyOf(pair);
  const keyRange = isScalar(pair.key) ? pair.key.range : undefined;
  if (key === undefined || keyRange == null) return undefined;
  const value = isScalar(pair.value) || isMap(pair.value) || isSeq(pair.value) ? pair.value.range : undefined;
  const start = text.lastIndexOf("\n", keyRange[0] - 1) + 1;
  const last = Math.max(keyRange[1], value?.[1] ?? 0);
  const content = text.slice(0, last).trimEnd().length;
  const newline = text.indexOf("\n", content);
  const column = keyRange[0] - start;
  if (text.slice(start, keyRange[0]).trim() !== "") return undefined;
  return {
    key,
    column,
    start,
    commented: commentsAbove(text, start, column),
    end: newline < 0 ? text.length : newline + 1,
  };
}

function commentsAbove(text: string, start: number, column: number): number {
  let at = start;
  while (at > 0) {
    const above = text.lastIndexOf("\n", at - 2) + 1;
    const line = text.slice(above, at);
    if (line.search(/\S/) !== column || line[column] !== "#") return at;
    at = above;
  }
  return at;
}
