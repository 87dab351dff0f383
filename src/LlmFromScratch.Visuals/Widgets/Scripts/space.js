// Turning points in space and comparing directions, as pure functions. The tests compare them with C#.

// Turns by yaw around the upright axis, then by pitch around the horizontal one; the third number is the depth, larger is nearer.
function turn([x, y, z], yaw, pitch) {
  const right = x * Math.cos(yaw) + z * Math.sin(yaw), away = z * Math.cos(yaw) - x * Math.sin(yaw);
  return [right, y * Math.cos(pitch) - away * Math.sin(pitch), y * Math.sin(pitch) + away * Math.cos(pitch)];
}

// a · b / (|a| |b|); 0 when one of them has no direction.
function cosine(a, b) {
  let dot = 0, aa = 0, bb = 0;
  a.forEach((value, i) => {
    dot += value * b[i];
    aa += value * value;
    bb += b[i] * b[i];
  });
  return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
