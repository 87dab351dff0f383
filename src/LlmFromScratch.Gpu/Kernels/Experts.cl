// A mixture of experts: route_experts chooses, expert_matmul_row multiplies each row by the weights of its own experts, mix_experts sums their answers.

// The `used` largest logits of each row, the largest first, the lower number on a tie, and the softmax over them alone. One work item a row: a few hundred
// comparisons. What was chosen needs no marks: the next one is the largest that comes after the last in the order (logit down, number up).
kernel void route_experts(global const float* logits, ulong logits_start,  // [T, E]
    global int* experts, ulong experts_start,                              // [T, U]
    global float* weights, ulong weights_start,                            // [T, U]
    int rows, int expert_count, int used)
{
    int t = get_global_id(0);
    if (t >= rows) return; // the last group reaches past the rows
    global const float* row = logits + logits_start + (ulong)t * expert_count;
    global int* chosen = experts + experts_start + (ulong)t * used;
    global float* shares = weights + weights_start + (ulong)t * used;

    float largest = 0, sum = 0, last_logit = 0;
    int last = -1;
    for (int u = 0; u < used; u++)
    {
        int best = -1;
        for (int e = 0; e < expert_count; e++)
        {
            bool is_free = last < 0 || row[e] < last_logit || (row[e] == last_logit && e > last);
            if (is_free && (best < 0 || row[e] > row[best])) best = e;
        }
        last = best < 0 ? u : best; // NaN: nothing compares, any expert gives NaN
        last_logit = row[last];
        if (u == 0) largest = last_logit;
        chosen[u] = last;
        shares[u] = exp(last_logit - largest); // at most 1
        sum += shares[u];
    }
    for (int u = 0; u < used; u++) shares[u] /= sum;
}

// y[t, u, o] = sum over i of x[t, i] * weight[experts[t, u], o, i]; x_per_expert says that x is [T, U, in]. Grid [T * U, out], like matmul_row in
// MatMul.cl, with the same eight chains an output.
kernel void expert_matmul_row(global const float* x, ulong x_start,   // [T, in] or [T, U, in]
    global const uchar* weight, ulong weight_start, int weight_type,  // [E, out, in], start in bytes
    global const int* experts, ulong experts_start,                   // [T, U]
    global float* y, ulong y_start,                                   // [T, U, out]
    int used, int x_per_expert, int expert_count, int in_size, int out_size, global int* fault)
{
    local float chains[GROUP_SIZE]; // [outputs of the group, CHAINS]
    int lane = get_local_id(0), chain = lane % CHAINS;
    int o = get_group_id(0) * (GROUP_SIZE / CHAINS) + lane / CHAINS, slot = get_group_id(1); // slot over [T, U]
    int expert = checked_index(experts[experts_start + slot], expert_count, FAULT_EXPERT, fault);

    float sum = 0;
    if (o < out_size && expert >= 0) // spare work items still come to the barrier
    {
        global const float* x_row = x + x_start + (ulong)(x_per_expert ? slot : slot / used) * in_size;
        global const uchar* weight_row = weight + weight_start + ((ulong)expert * out_size + o) * weight_row_bytes(in_size, weight_type);
        for (int i = chain; i < in_size; i += CHAINS) sum = fma(x_row[i], weight_value(weight_row, i, weight_type), sum);
    }
    chains[lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE); // all chains are there before the first work item of each output adds them
    if (chain == 0 && o < out_size) y[y_start + (ulong)slot * out_size + o] = add_chains(vload8(0, chains + lane));
}

// output[t, i] = sum over u of weights[t, u] * x[t, u, i]. Grid [T, C rounded up]: one work item a value.
kernel void mix_experts(global const float* x, ulong x_start,  // [T, U, C]
    global const float* weights, ulong weights_start,          // [T, U]
    global float* output, ulong output_start,                  // [T, C]
    int used, int size)
{
    int i = get_global_id(0), t = get_global_id(1);
    if (i >= size) return; // the last group reaches past the row
    float sum = 0;
    for (int u = 0; u < used; u++)
        sum = fma(weights[weights_start + (ulong)t * used + u], x[x_start + ((ulong)t * used + u) * size + i], sum);
    output[output_start + (ulong)t * size + i] = sum;
}
