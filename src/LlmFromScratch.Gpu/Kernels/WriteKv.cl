// Writes the keys and values of this call's rows into one layer's pages. A row of the cache is cut into units: one value for F32 and F16, a block of
// 32 values for Q8_0. Grid [T, units of a row rounded up]: one work item a unit, neighbours write neighbours.

// a / b rounded correctly, which OpenCL promises for fma alone: the quotient's error, divided again, mends its last digit. So a cache made here holds
// the bytes that the other backends write.
static float exact_quotient(float a, float b)
{
    float quotient = a / b;
    return fma(fma(-quotient, b, a), 1 / b, quotient);
}

// Encodes one unit of `values`, a row of floats, as Q8_0.cs and Half16.cs do.
static void store_unit(global uchar* row, int unit, int type, global const float* values)
{
    switch (type)
    {
        case WEIGHT_F32: ((global float*)row)[unit] = values[unit]; break;
        case WEIGHT_F16: vstore_half_rte(values[unit], unit, (global half*)row); break;
        default:
        {
            global uchar* block = row + (ulong)unit * Q8_0_BYTES;
            values += (ulong)unit * Q8_0_VALUES;
            float largest = 0;
            for (int i = 0; i < Q8_0_VALUES; i++) largest = fmax(largest, fabs(values[i]));
            float d = exact_quotient(largest, 127);
            float inverse = d == 0 ? 0 : exact_quotient(1, d);
            vstore_half_rte(d, 0, (global half*)block);
            for (int i = 0; i < Q8_0_VALUES; i++) ((global char*)block)[2 + i] = (char)round(values[i] * inverse); // halves away from zero
        }
    }
}

kernel void write_kv(global const float* keys, ulong keys_start,              // [T, K, D]
    global const float* values, ulong values_start,                           // [T, K, D]
    global uchar* key_pages, ulong key_pages_start, int key_type,             // [N, B, K * D], start in bytes
    global uchar* value_pages, ulong value_pages_start, int value_type,       // [N, B, K * D], start in bytes
    global const int* sequences, ulong sequences_start,                       // [T]
    global const int* positions, ulong positions_start,                       // [T]
    global const int* block_table, ulong block_table_start,                   // [sequences, blocks a sequence]
    int row_size, int units, int block_size, int block_count, int sequence_count, int blocks_per_sequence, global int* fault)
{
    int unit = get_global_id(0), t = get_global_id(1);
    if (unit >= units) return; // the last group reaches past the row
    int sequence = checked_index(sequences[sequences_start + t], sequence_count, FAULT_SEQUENCE, fault);
    int position = checked_index(positions[positions_start + t], blocks_per_sequence * block_size, FAULT_POSITION, fault);
    if (sequence < 0 || position < 0) return;
    int slot = cache_slot(block_table + block_table_start, sequence, position, block_size, blocks_per_sequence, block_count, fault);
    if (slot < 0) return;
    ulong from = (ulong)t * row_size;
    store_unit(key_pages + key_pages_start + slot * weight_row_bytes(row_size, key_type), unit, key_type, keys + keys_start + from);
    store_unit(value_pages + value_pages_start + slot * weight_row_bytes(row_size, value_type), unit, value_type, values + values_start + from);
}
