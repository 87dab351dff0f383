// Gradient descent on a polynomial, as pure functions. The tests compare them with C#.

// f(x) = c0 + c1 x + c2 x^2 + ... by Horner's rule.
function polynomial(coefficients, x) {
  let y = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) y = y * x + coefficients[i];
  return y;
}

function slope(coefficients, x) {
  let y = 0;
  for (let i = coefficients.length - 1; i >= 1; i--) y = y * x + i * coefficients[i];
  return y;
}

// v = momentum * v + f'(x), then x = x - rate * v. All places from the start on; it ends early once x has left the world of useful numbers.
function descend(coefficients, start, rate, momentum, steps) {
  const places = [start];
  let velocity = 0;
  for (let step = 0; step < steps && Math.abs(places[step]) < 1e6; step++) {
    velocity = momentum * velocity + slope(coefficients, places[step]);
    places.push(places[step] - rate * velocity);
  }
  return places;
}
