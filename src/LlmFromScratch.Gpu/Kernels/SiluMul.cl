// output[i] = silu(gate[i]) * up[i] with silu(x) = x / (1 + e^-x). output may be gate or up: a work item reads its own place before it writes it.
// For x below -88 e^-x is infinity and the quotient 0, which is what silu rounds to.
kernel void silu_mul(global const float* gate, ulong gate_start, global const float* up, ulong up_start, global float* output, ulong output_start,
    ulong count)
{
    ulong i = get_global_id(0);
    if (i >= count) return; // the last group reaches past the end
    float g = gate[gate_start + i];
    output[output_start + i] = g / (1 + exp(-g)) * up[up_start + i];
}
