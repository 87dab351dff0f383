// The forward pass of a multilayer perceptron, as pure functions. The tests compare them with C#.

const activations = {
  step: (x) => (x >= 0 ? 1 : 0),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: (x) => Math.tanh(x),
  relu: (x) => Math.max(0, x),
  gelu: (x) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
  silu: (x) => x / (1 + Math.exp(-x)),
};

// values[0] = input; values[l + 1] = f(W_l values[l] + b_l); the last layer goes through `last`.
function forward(layers, input, hidden, last) {
  const values = [input];
  layers.forEach(({ weights, biases }, l) => {
    const f = activations[l === layers.length - 1 ? last : hidden];
    values.push(biases.map((bias, o) => f(weights[o].reduce((sum, weight, i) => sum + weight * values[l][i], bias))));
  });
  return values;
}
