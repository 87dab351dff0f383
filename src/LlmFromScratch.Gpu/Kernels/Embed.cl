// output[t] = table[ids[t]], decoded. Grid [T, C rounded up]: one work item a value, neighbours read and write neighbours.
kernel void embed(global const uchar* table, ulong table_start, int table_type, // [V, C], start in bytes
    global const int* ids, ulong ids_start,                                     // [T]
    global float* output, ulong output_start,                                   // [T, C]
    int size, int vocab_size, global int* fault)
{
    int i = get_global_id(0), t = get_global_id(1);
    if (i >= size) return; // the last group reaches past the row
    int id = checked_index(ids[ids_start + t], vocab_size, FAULT_TOKEN_ID, fault);
    if (id < 0) return;
    global const uchar* row = table + table_start + (ulong)id * weight_row_bytes(size, table_type);
    output[output_start + (ulong)t * size + i] = weight_value(row, i, table_type);
}
