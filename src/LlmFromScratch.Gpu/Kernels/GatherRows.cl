// output[w] = x[rows[w]]. Grid [W, C rounded up]: one work item a value.
kernel void gather_rows(global const float* x, ulong x_start,  // [T, C]
    global const int* rows, ulong rows_start,                  // [W]
    global float* output, ulong output_start,                  // [W, C]
    int size, int row_count, global int* fault)
{
    int i = get_global_id(0), w = get_global_id(1);
    if (i >= size) return; // the last group reaches past the row
    int row = checked_index(rows[rows_start + w], row_count, FAULT_ROW, fault);
    if (row >= 0) output[output_start + (ulong)w * size + i] = x[x_start + (ulong)row * size + i];
}
