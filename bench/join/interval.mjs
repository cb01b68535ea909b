/** Shares with their 95 % intervals, where the pairs of one task are not independent of each other. */

const Z = 1.96;

/** Wilson's interval, with as many independent cases as the clusters are worth. `clusters` are lists of true and false. */
export function wilson(clusters) {
  const all = clusters.flat();
  const n = all.length;
  if (n === 0) return { share: 0, low: 0, high: 1 };
  const share = all.filter(Boolean).length / n;
  const worth = n / designEffect(clusters, share);
  const middle = (share + Z ** 2 / (2 * worth)) / (1 + Z ** 2 / worth);
  const half = (Z / (1 + Z ** 2 / worth)) * Math.sqrt((share * (1 - share)) / worth + Z ** 2 / (4 * worth ** 2));
  return { share, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** How many times larger the variance is than that of independent cases; at least 1. */
function designEffect(clusters, share) {
  const n = clusters.flat().length;
  const count = clusters.filter((cluster) => cluster.length > 0).length;
  const binomial = (share * (1 - share)) / n;
  if (binomial === 0 || count < 2) return 1;
  const sums = clusters.map((cluster) => cluster.filter(Boolean).length - share * cluster.length);
  const clustered = (count / (count - 1)) * (sums.reduce((sum, one) => sum + one ** 2, 0) / n ** 2);
  return Math.min(Math.max(1, clustered / binomial), n / count);
}
