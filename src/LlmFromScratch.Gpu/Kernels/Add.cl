// sum[i] = a[i] + b[i]; sum may be a or b, because a work item reads its own place before it writes it.
kernel void add(global const float* a, ulong a_start, global const float* b, ulong b_start, global float* sum, ulong sum_start, ulong count)
{
    ulong i = get_global_id(0);
    if (i < count) sum[sum_start + i] = a[a_start + i] + b[b_start + i]; // the last group reaches past the end
}
