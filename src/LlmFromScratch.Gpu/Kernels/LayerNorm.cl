// output[t] = (x[t] - mean) / sqrt(variance + epsilon) * weight + bias. One group a row; work item `lane` owns values lane, lane + GROUP_SIZE ... of it.
// The squares are summed around the mean, in a second pass: the mean of squares less the squared mean would cancel. output may be x, as in rms_norm.
kernel void layer_norm(global const float* x, ulong x_start,  // [T, C]
    global const float* weight, ulong weight_start,           // [C]
    global const float* bias, ulong bias_start,               // [C]
    global float* output, ulong output_start,                 // [T, C]
    int size, float epsilon)
{
    local float scratch[GROUP_SIZE];
    int lane = get_local_id(0);
    ulong row = (ulong)get_group_id(0) * size;

    float sum = 0;
    for (int i = lane; i < size; i += GROUP_SIZE) sum += x[x_start + row + i];
    float mean = group_sum(sum, scratch) / size;
    float squares = 0;
    for (int i = lane; i < size; i += GROUP_SIZE)
    {
        float value = x[x_start + row + i] - mean;
        squares = fma(value, value, squares);
    }
    float factor = 1 / sqrt(group_sum(squares, scratch) / size + epsilon);
    for (int i = lane; i < size; i += GROUP_SIZE)
        output[output_start + row + i] = fma((x[x_start + row + i] - mean) * factor, weight[weight_start + i], bias[bias_start + i]);
}
