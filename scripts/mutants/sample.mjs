/**
 * `size` mutants in the order of the list, spread over the groups: one of each in turn, as long as it has any. The same seed gives the same ones.
 */
export function sample(mutants, size, seed) {
  const random = randomOf(seed);
  const groups = [...Map.groupBy(mutants, ({ group }) => group).values()].map((group) => shuffled(group, random));
  const chosen = new Set();
  while (chosen.size < Math.min(size, mutants.length))
    for (const group of groups) if (group.length > 0 && chosen.size < size) chosen.add(group.pop());
  return mutants.filter((mutant) => chosen.has(mutant));
}

function shuffled(list, random) {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Mulberry32: small, and good enough for drawing lots. */
function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
