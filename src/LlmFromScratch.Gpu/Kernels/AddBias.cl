// x[t, o] += bias[o], in place. Grid [T, out rounded up]: one work item a value, neighbours read and write neighbours.
kernel void add_bias(global float* x, ulong x_start, global const float* bias, ulong bias_start, int size)
{
    int o = get_global_id(0);
    if (o >= size) return; // the last group reaches past the row
    x[x_start + (ulong)get_global_id(1) * size + o] += bias[bias_start + o];
}
