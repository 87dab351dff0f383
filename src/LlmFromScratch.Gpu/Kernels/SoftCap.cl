// output[i] = cap * tanh(x[i] / cap); output may be x.
kernel void soft_cap(global const float* x, ulong x_start, global float* output, ulong output_start, ulong count, float cap)
{
    ulong i = get_global_id(0);
    if (i < count) output[output_start + i] = cap * tanh(x[x_start + i] / cap); // the last group reaches past the end
}
