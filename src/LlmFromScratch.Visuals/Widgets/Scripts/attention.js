// The arithmetic of attention rows, as pure functions. The tests compare them with C#.

// The weights of one query: softmax over the first `visible` scores, zero for the keys behind the mask.
function attentionRow(scores, visible) {
  return softmax(scores.slice(0, visible), 1).concat(scores.slice(visible).map(() => 0));
}

// The numbers of query t in one head, out of a flat [L, H, T, S] array.
function rowOf(values, { heads, queries, keys }, layer, head, t) {
  const start = ((layer * heads + head) * queries + t) * keys;
  return values.slice(start, start + keys);
}
