// Turns the first `pairs` pairs of values of each head by angle = position * frequency, in place, and multiplies them by `factor`. One work item a pair; pairs do not overlap, so nobody waits.
// A position of thousands times a frequency rounds to an angle that is off by up to 1e-4, which would be seen in the logits. So the angle is
// kept as a sum of two floats: fma gives the rounding error of the product exactly, and the turn by that small rest needs two terms of its series.
kernel void rope(global float* x, ulong x_start,                  // [T, heads, D]
    global const int* positions, ulong positions_start,           // [T]
    global const float* frequencies, ulong frequencies_start,     // [R/2]
    int rows, int heads, int head_size, int pairs, float factor, int interleaved)
{
    ulong n = get_global_id(0); // over [T, heads, pairs]
    if (n >= (ulong)rows * heads * pairs) return; // the last group reaches past the end
    int pair = n % pairs;
    ulong head = n / pairs; // over [T, heads]
    float position = positions[positions_start + head / heads]; // exact up to 2^24
    float frequency = frequencies[frequencies_start + pair];

    float angle = position * frequency;
    float rest = fma(position, frequency, -angle); // position * frequency = angle + rest, exactly
    float sine_of_angle, cosine_of_angle;
    sine_of_angle = sincos(angle, &cosine_of_angle);
    float cosine_of_rest = fma(-0.5f * rest, rest, 1); // cos r = 1 - r^2 / 2 and sin r = r: for |r| below 0.004, angles up to 10^5, exact to 2e-8
    float cosine = cosine_of_angle * cosine_of_rest - sine_of_angle * rest; // cos(a + r)
    float sine = sine_of_angle * cosine_of_rest + cosine_of_angle * rest;   // sin(a + r)

    ulong start = x_start + head * head_size;
    ulong first = start + (interleaved ? 2 * pair : pair), second = start + (interleaved ? 2 * pair + 1 : pair + pairs);
    float a = x[first], b = x[second];
    cosine *= factor;
    sine *= factor;
    x[first] = a * cosine - b * sine;
    x[second] = a * sine + b * cosine;
}
