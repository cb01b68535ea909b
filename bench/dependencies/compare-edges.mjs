/** Precision and recall of one list of `[from, to]` pairs against another, with samples of what differs. */
export function compareEdges(found, truth, { samples = 12 } = {}) {
  const known = new Set(truth.map((edge) => edge.join(" → ")));
  const ours = new Set(found.map((edge) => edge.join(" → ")));
  const right = [...ours].filter((edge) => known.has(edge)).length;
  const wrong = [...ours].filter((edge) => !known.has(edge));
  const missed = [...known].filter((edge) => !ours.has(edge));
  const every = (list) =>
    list.filter((_, index) => index % Math.max(1, Math.floor(list.length / samples)) === 0).slice(0, samples);
  return {
    truth: known.size,
    found: ours.size,
    precision: right / ours.size,
    recall: right / known.size,
    wrong: every(wrong),
    missed: every(missed),
  };
}
