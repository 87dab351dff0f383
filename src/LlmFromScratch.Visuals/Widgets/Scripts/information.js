// Entropy and its relatives in bits, as pure functions over probabilities. The tests compare them with C#.

// -sum p log2 q: what it costs on average to code outcomes of p with a code made for q.
function crossEntropyBits(p, q) {
  let bits = 0;
  p.forEach((share, i) => { if (share > 0) bits -= share * Math.log2(q[i]); });
  return bits;
}

function divergenceBits(p, q) {
  return crossEntropyBits(p, q) - entropyBits(p);
}

function perplexity(bits) {
  return 2 ** bits;
}
