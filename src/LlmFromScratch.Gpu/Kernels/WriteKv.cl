// Writes the keys and values of this call's rows into one layer's pages. Grid [T, K * D rounded up]: one work item a value, neighbours write neighbours.
kernel void write_kv(global const float* keys, ulong keys_start,         // [T, K, D]
    global const float* values, ulong values_start,                      // [T, K, D]
    global float* key_pages, ulong key_pages_start,                      // [N, B, K, D]
    global float* value_pages, ulong value_pages_start,                  // [N, B, K, D]
    global const int* sequences, ulong sequences_start,                  // [T]
    global const int* positions, ulong positions_start,                  // [T]
    global const int* block_table, ulong block_table_start,              // [sequences, blocks a sequence]
    int row_size, int block_size, int block_count, int sequence_count, int blocks_per_sequence, global int* fault)
{
    int i = get_global_id(0), t = get_global_id(1);
    if (i >= row_size) return; // the last group reaches past the row
    int sequence = checked_index(sequences[sequences_start + t], sequence_count, FAULT_SEQUENCE, fault);
    int position = checked_index(positions[positions_start + t], blocks_per_sequence * block_size, FAULT_POSITION, fault);
    if (sequence < 0 || position < 0) return;
    int slot = cache_slot(block_table + block_table_start, sequence, position, block_size, blocks_per_sequence, block_count, fault);
    if (slot < 0) return;
    ulong from = (ulong)t * row_size + i, to = (ulong)slot * row_size + i;
    key_pages[key_pages_start + to] = keys[keys_start + from];
    value_pages[value_pages_start + to] = values[values_start + from];
}
