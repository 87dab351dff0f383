// Causal grouped-query attention over the paged cache: one group for one query head of one row, so grid [T, H].
//
// The row at position p sees positions `first` to p, all from 0 on unless there is a window; nothing later is ever read, which is the causal mask. Scores of all S would not fit in local
// memory, so they come GROUP_SIZE at a time with an online softmax (Milakov and Gimelshein 2018): keep the largest score so far, and the sum of weights
// and the mixture relative to it; when a later chunk has a larger score, shrink both by e^(old max - new max).
// The chunks start at multiples of GROUP_SIZE always, so a row's bits do not depend on how many rows came with it, nor on which pages it lies in.
kernel void attention(global const float* query, ulong query_start,      // [T, H, D]
    global const uchar* key_pages, ulong key_pages_start, int key_type,       // [N, B, K * D], start in bytes
    global const uchar* value_pages, ulong value_pages_start, int value_type, // [N, B, K * D], start in bytes
    global const int* sequences, ulong sequences_start,                  // [T]
    global const int* positions, ulong positions_start,                  // [T]
    global const int* block_table, ulong block_table_start,              // [sequences, blocks a sequence]
    global float* output, ulong output_start,                            // [T, H, D]
    int kv_heads, int head_size, int block_size, int block_count, int sequence_count, int blocks_per_sequence, float scale,
    float soft_cap, int window,                                          // 0: none
    local float* q,                                                      // [D]: this head's query, read S times
    local float* mixture,                                                // [D]: sum of weight * value so far; value i belongs to lane i % GROUP_SIZE
    global int* fault)
{
    local float scratch[GROUP_SIZE];
    local float weights[GROUP_SIZE]; // [chunk]
    local int slots[GROUP_SIZE];     // [chunk]: where each position of the chunk lies in the cache
    int lane = get_local_id(0), h = get_group_id(0), t = get_group_id(1), heads = get_num_groups(0);
    int kv_head = h / (heads / kv_heads); // H / K query heads share one key/value head

    int sequence = checked_index(sequences[sequences_start + t], sequence_count, FAULT_SEQUENCE, fault);
    int position = checked_index(positions[positions_start + t], blocks_per_sequence * block_size, FAULT_POSITION, fault);
    if (sequence < 0) position = -1; // sees nothing. No return before a barrier, though the whole group would take it: PoCL 3.1 then corrupts memory

    ulong head_start = ((ulong)t * heads + h) * head_size;
    ulong key_row_bytes = weight_row_bytes(kv_heads * head_size, key_type), value_row_bytes = weight_row_bytes(kv_heads * head_size, value_type);
    for (int i = lane; i < head_size; i += GROUP_SIZE)
    {
        q[i] = query[query_start + head_start + i];
        mixture[i] = 0;
    }
    barrier(CLK_LOCAL_MEM_FENCE); // the query is complete before anyone multiplies by it

    int first = window == 0 ? 0 : max(0, position - window + 1);
    float largest = -INFINITY, sum = 0; // over all chunks so far; the same in every work item
    for (int start = first / GROUP_SIZE * GROUP_SIZE; start <= position; start += GROUP_SIZE)
    {
        // Scores: work item `lane` takes position start + lane.
        int s = start + lane, slot = -1;
        float score = -INFINITY; // a position that is not seen gets weight 0
        if (s >= first && s <= position)
            slot = cache_slot(block_table + block_table_start, sequence, s, block_size, blocks_per_sequence, block_count, fault);
        if (slot >= 0)
        {
            global const uchar* key = key_pages + key_pages_start + slot * key_row_bytes;
            float dot_product = 0;
            for (int i = 0; i < head_size; i++) dot_product = fma(q[i], weight_value(key, kv_head * head_size + i, key_type), dot_product);
            score = dot_product * scale;
            if (soft_cap > 0) score = soft_cap * tanh(score / soft_cap);
        }
        float new_largest = fmax(largest, group_max(score, scratch));
        float shrink = exp(largest - new_largest); // first chunk: e^-infinity = 0, and there is nothing to shrink
        float weight = exp(score - new_largest);   // at most 1: cannot overflow
        weights[lane] = weight;
        slots[lane] = slot;
        sum = fma(sum, shrink, group_sum(weight, scratch)); // its first barrier also completes weights and slots for everyone
        largest = new_largest;

        // Mixture: work item `lane` takes values lane, lane + GROUP_SIZE ... of the head; neighbours read neighbours.
        int count = min(GROUP_SIZE, position + 1 - start);
        for (int i = lane; i < head_size; i += GROUP_SIZE)
        {
            float mixed = mixture[i] * shrink;
            for (int j = 0; j < count; j++)
                if (slots[j] >= 0)
                    mixed = fma(weights[j], weight_value(value_pages + value_pages_start + slots[j] * value_row_bytes, kv_head * head_size + i, value_type), mixed);
            mixture[i] = mixed;
        }
        barrier(CLK_LOCAL_MEM_FENCE); // everyone is done with weights and slots before the next chunk overwrites them
    }
    if (position < 0) return;
    for (int i = lane; i < head_size; i += GROUP_SIZE) output[output_start + head_start + i] = mixture[i] / sum;
}
