// output[i] = factor * x[i]; output may be x.
kernel void scale(global const float* x, ulong x_start, global float* output, ulong output_start, ulong count, float factor)
{
    ulong i = get_global_id(0);
    if (i < count) output[output_start + i] = factor * x[x_start + i]; // the last group reaches past the end
}
