/** JSON as values, and one value carried from one text into another as the very text it is written in. */
import { findNodeAtLocation, type Node, parseTree } from "jsonc-parser";
import type { KeyPath } from "../../core/ports/structured-text.ts";

/** Undefined for broken text, a key twice, and names that plain objects cannot hold. */
export function readJson(text: string): { value: unknown } | undefined {
  const tree = treeOf(text);
  if (tree === undefined) return undefined;
  try {
    return { value: exact(tree, text) };
  } catch (error) {
    if (error instanceof Unsound) return undefined;
    throw error;
  }
}

class Unsound extends Error {}

function treeOf(text: string): Node | undefined {
  const errors: unknown[] = [];
  const tree = parseTree(text, errors as [], { allowTrailingComma: true, disallowComments: false });
  return errors.length > 0 ? undefined : tree;
}

/** A number stays as it is written: 1.10 is not 1.1, and long ones keep every digit. */
function exact(node: Node, text: string): unknown {
  if (node.type === "object") return objectOf(node, text);
  if (node.type === "array") return (node.children ?? []).map((child) => exact(child, text));
  if (node.type === "number") return ["\0number", text.slice(node.offset, node.offset + node.length)];
  return node.value;
}

function objectOf(node: Node, text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const property of node.children ?? []) {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    if (value === undefined || Object.hasOwn(found, name) || name === "__proto__") throw new Unsound();
    found[name] = exact(value, text);
  }
  return found;
}

export function graftJson(into: string, from: string, place: KeyPath): string | undefined {
  const around = { into: objectAt(into, place.slice(0, -1)), from: objectAt(from, place.slice(0, -1)) };
  if (around.into === undefined) return undefined;
  const key = String(place.at(-1));
  const present = around.into.find((property) => property.key === key);
  const wanted = around.from?.find((property) => property.key === key);
  if (wanted === undefined) return present === undefined ? into : without(into, around.into, present);
  const part = from.slice(wanted.start, wanted.end);
  const first = around.into[0];
  if (first === undefined) return undefined;
  if (part.includes("\n") && lineIndent(from, wanted.start) !== lineIndent(into, first.start)) return undefined;
  if (present !== undefined) return spliced(into, present.start, present.end, part);
  const before = (around.from ?? []).slice(0, around.from?.indexOf(wanted)).map((property) => property.key);
  const neighbour = around.into.findLast((property) => before.includes(property.key));
  const gap = /\s*$/.exec(into.slice(0, first.start))?.[0] ?? "";
  if (neighbour === undefined) return spliced(into, first.start, first.start, `${part},${gap}`);
  return spliced(into, neighbour.end, neighbour.end, `,${gap}${part}`);
}

interface Property {
  key: string;
  start: number;
  end: number;
}

/** The properties of the object at `place`, in order; undefined when there is no such object. */
function objectAt(text: string, place: KeyPath): Property[] | undefined {
  const tree = treeOf(text);
  const node = tree === undefined || place.length === 0 ? tree : findNodeAtLocation(tree, place);
  if (node?.type !== "object") return undefined;
  return (node.children ?? []).map(({ offset, length, children: [key] = [] }) => {
    return { key: String(key?.value), start: offset, end: offset + length };
  });
}

/** With the comma that parted it from its neighbour; undefined where a comment would go with it. */
function without(text: string, around: Property[], gone: Property): string | undefined {
  const at = around.indexOf(gone);
  const start = around[at - 1]?.end ?? gone.start;
  const end = at === 0 ? (around[1]?.start ?? gone.end) : gone.end;
  const between = text.slice(start, gone.start) + text.slice(gone.end, end);
  return /[^\s,]/.test(between) ? undefined : spliced(text, start, end, "");
}

function spliced(text: string, start: number, end: number, part: string): string {
  return text.slice(0, start) + part + text.slice(end);
}

function lineIndent(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
  return /^\s*/.exec(line)?.[0] ?? "";
}
