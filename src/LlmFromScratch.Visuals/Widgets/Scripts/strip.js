// Statistics of a row of numbers, as pure functions. The tests compare them with C#.

function statistics(values) {
  let sum = 0, squares = 0, min = Infinity, max = -Infinity;
  for (const value of values) {
    sum += value;
    squares += value * value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { mean: sum / values.length, rms: Math.sqrt(squares / values.length), min, max };
}
