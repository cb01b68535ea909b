/** A `use` tree as the list of its leaves: `a::{b as c, d::*, self}` → `a::b` as `c`, `a::d` as `*`, `a` as `a`. */

export interface UseLeaf {
  path: string;
  as: string;
}

/** Iterative: braces only change the prefix, however deep they are. */
export function useTree(text: string): UseLeaf[] {
  const leaves: UseLeaf[] = [];
  const prefixes: string[] = [];
  let prefix = "";
  let part = "";
  const finish = (): void => {
    const leaf = leafOf(prefix, part.trim());
    if (leaf !== undefined) leaves.push(leaf);
    part = "";
  };
  for (const char of text) {
    if (char === "{") {
      prefixes.push(prefix);
      prefix += part.replaceAll(" ", "");
      part = "";
    } else if (char === "}") {
      finish();
      prefix = prefixes.pop() ?? "";
    } else if (char === ",") finish();
    else part += char;
  }
  finish();
  return leaves;
}

function leafOf(prefix: string, part: string): UseLeaf | undefined {
  if (part === "") return undefined;
  const [name = "", , alias] = part.split(" ").filter((word) => word !== "");
  const whole = `${prefix}${name}`.replace(/^::/, "");
  if (whole.endsWith("*")) return { path: whole.replace(/(::)?\*$/, ""), as: "*" };
  const path = name === "self" ? prefix.replace(/::$/, "") : whole;
  return { path, as: alias ?? path.split("::").at(-1) ?? path };
}
