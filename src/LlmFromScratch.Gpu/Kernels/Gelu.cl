// gelu(x) = x/2 * (1 + tanh(z)) with z = sqrt(2/pi) * (x + 0.044715 x^3), written x / (1 + e^-2z), which is the same. For z far below 0 the power is
// infinity and the quotient 0, which is what gelu rounds to.
static float gelu_of(float x)
{
    float z = 0.7978845608f * fma(0.044715f, x * x * x, x);
    return x / (1 + exp(-2 * z));
}

// output[i] = gelu(x[i]); output may be x.
kernel void gelu(global const float* x, ulong x_start, global float* output, ulong output_start, ulong count)
{
    ulong i = get_global_id(0);
    if (i < count) output[output_start + i] = gelu_of(x[x_start + i]); // the last group reaches past the end
}

// output[i] = gelu(gate[i]) * up[i]; output may be gate or up: a work item reads its own place before it writes it.
kernel void gelu_mul(global const float* gate, ulong gate_start, global const float* up, ulong up_start, global float* output, ulong output_start,
    ulong count)
{
    ulong i = get_global_id(0);
    if (i < count) output[output_start + i] = gelu_of(gate[gate_start + i]) * up[up_start + i];
}
