// The arithmetic of sampling, as pure functions. The tests compare every one of them with C#.

// p_i = exp((l_i - max) / T) / sum; the maximum is subtracted so that exp cannot overflow. T = 0 is the limit: all on the largest, lowest index first.
function softmax(logits, temperature) {
  const max = Math.max(...logits);
  if (temperature === 0) {
    const best = logits.indexOf(max);
    return logits.map((_, i) => (i === best ? 1 : 0));
  }
  return normalise(logits.map((logit) => Math.exp((logit - max) / temperature)));
}

function normalise(weights) {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => weight / sum);
}

// Indices from the most to the least probable; of equals, the lower index first.
function rank(probabilities) {
  return probabilities.map((_, i) => i).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
}

// Sets everything outside of kept to zero and scales the rest to sum 1.
function keepOnly(probabilities, kept) {
  const inside = new Set(kept);
  return normalise(probabilities.map((p, i) => (inside.has(i) ? p : 0)));
}

// The k most probable; k = 0 keeps all.
function topK(probabilities, k) {
  return k === 0 ? rank(probabilities) : rank(probabilities).slice(0, k);
}

// The smallest set, taken from the most probable down, whose sum is at least p; p = 1 keeps all, whatever rounding does to the sum.
function topP(probabilities, ranked, p) {
  if (p >= 1) return ranked;
  let sum = 0;
  for (let count = 1; count <= ranked.length; count++) {
    sum += probabilities[ranked[count - 1]];
    if (sum >= p) return ranked.slice(0, count);
  }
  return ranked;
}

// Temperature, then top-k, then top-p. Each stage sees the probabilities that the stage before left, scaled to sum 1.
function sampleDistribution(logits, temperature, k, p) {
  const tempered = softmax(logits, temperature);
  const afterTopK = topK(tempered, k);
  const scaled = keepOnly(tempered, afterTopK);
  const survivors = topP(scaled, afterTopK, p);
  return { tempered, survivors, probabilities: keepOnly(scaled, survivors) };
}

// H = -sum p log2 p, in bits.
function entropyBits(probabilities) {
  let bits = 0;
  for (const p of probabilities) if (p > 0) bits -= p * Math.log2(p);
  return bits;
}

// The index in whose share of [0, 1) the uniform number u falls.
function draw(probabilities, u) {
  let sum = 0;
  for (let i = 0; i < probabilities.length; i++) {
    sum += probabilities[i];
    if (u < sum) return i;
  }
  return probabilities.findLastIndex((p) => p > 0); // the sum may end a rounding error below 1
}

// xoshiro256** seeded through SplitMix64: the same uniform numbers as LlmFromScratch.Numerics.SeededRandom.NextDouble.
function seededRandom(seed) {
  const wrap = (x) => BigInt.asUintN(64, x);
  const rotate = (x, n) => wrap((x << n) | (x >> (64n - n)));
  let mix = wrap(BigInt(seed));
  const s = [0, 0, 0, 0].map(() => {
    mix = wrap(mix + 0x9E3779B97F4A7C15n);
    let z = wrap((mix ^ (mix >> 30n)) * 0xBF58476D1CE4E5B9n);
    z = wrap((z ^ (z >> 27n)) * 0x94D049BB133111EBn);
    return z ^ (z >> 31n);
  });
  return function next() {
    const result = wrap(rotate(wrap(s[1] * 5n), 7n) * 9n);
    const t = wrap(s[1] << 17n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45n);
    return Number(result >> 11n) / 2 ** 53;
  };
}
