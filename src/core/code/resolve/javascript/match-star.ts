/** Patterns with one `*`, as tsconfig paths and package exports write them. */

/** Text that `*` stands for when `text` matches; "" when the pattern has no star; undefined when it does not match. */
export function matchStar(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star === -1) return pattern === text ? "" : undefined;
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)];
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}
