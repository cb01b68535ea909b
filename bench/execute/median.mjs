/** The middle of what was measured: a few slow rounds on a busy machine do not move it. */
export function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
