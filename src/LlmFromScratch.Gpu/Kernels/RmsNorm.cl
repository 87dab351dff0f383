// output[t] = x[t] / sqrt(mean(x[t]^2) + epsilon) * weight. One group a row; work item `lane` owns values lane, lane + GROUP_SIZE ... of it.
// output may be x: a work item writes only values that it alone reads, and only after the sum is complete.
kernel void rms_norm(global const float* x, ulong x_start,  // [T, C]
    global const float* weight, ulong weight_start,         // [C]
    global float* output, ulong output_start,               // [T, C]
    int size, float epsilon)
{
    local float scratch[GROUP_SIZE];
    int lane = get_local_id(0);
    ulong row = (ulong)get_group_id(0) * size;

    float squares = 0;
    for (int i = lane; i < size; i += GROUP_SIZE)
    {
        float value = x[x_start + row + i];
        squares = fma(value, value, squares);
    }
    float factor = 1 / sqrt(group_sum(squares, scratch) / size + epsilon);
    for (int i = lane; i < size; i += GROUP_SIZE)
        output[output_start + row + i] = x[x_start + row + i] * factor * weight[weight_start + i];
}
