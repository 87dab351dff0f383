// The arithmetic of the key/value cache, as pure functions. The tests compare them with C# and with an engine's own counts.

// Rows that the forward pass of each step computes keys and values for: first the prompt, then one token after the other.
function computedRows(prompt, steps, cached) {
  return Array.from({ length: steps }, (_, step) => (step === 0 ? prompt : cached ? 1 : prompt + step));
}

// Keys and values of every layer for the given number of positions.
function cacheBytes(positions, { layers, kvHeads, headSize, bytesPerValue }) {
  return 2 * layers * kvHeads * headSize * bytesPerValue * positions;
}

function readableBytes(bytes) {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  for (; bytes >= 1024 && unit < units.length - 1; unit++) bytes /= 1024;
  return `${Number(bytes.toPrecision(4))} ${units[unit]}`;
}
