// y[t, o] = sum over i of x[t, i] * weight[o, i], that is y = x * W^T: both operands are read along their rows.
//
// Two kernels, one order of summation. An output is eight chains of fma: chain c takes i = c, c + 8, c + 16 ... in sequence, and the chains are added
// in pairs at the end. matmul_row gives each chain a work item of its own; matmul_tile keeps all eight in one work item as a float8.
// So a token's logits have the same bits whether it came in a prompt of hundreds or alone.

#define TILE_DEPTH 32               // values of i that a tile holds
#define TILE_STRIDE (TILE_DEPTH + 1) // one float of padding: rows start in different memory banks, so a column of rows is read at once

// Few rows: grid [T, out], a group of GROUP_SIZE work items computes GROUP_SIZE / CHAINS outputs of one row. Neighbouring work items are the chains of
// one output, so they read eight neighbouring weights. Every weight is read once: there is nothing to share, local memory only adds the chains.
kernel void matmul_row(global const float* x, ulong x_start,           // [T, in]
    global const uchar* weight, ulong weight_start, int weight_type,   // [out, in], start in bytes
    global float* y, ulong y_start,                                    // [T, out]
    int in_size, int out_size)
{
    local float chains[GROUP_SIZE]; // [outputs of the group, CHAINS]
    int lane = get_local_id(0), chain = lane % CHAINS;
    int o = get_group_id(0) * (GROUP_SIZE / CHAINS) + lane / CHAINS, t = get_group_id(1);

    float sum = 0;
    if (o < out_size) // the last group may reach past the outputs; its spare work items still come to the barrier
    {
        global const float* x_row = x + x_start + (ulong)t * in_size;
        global const uchar* weight_row = weight + weight_start + (ulong)o * weight_row_bytes(in_size, weight_type);
        for (int i = chain; i < in_size; i += CHAINS) sum = fma(x_row[i], weight_value(weight_row, i, weight_type), sum);
    }
    chains[lane] = sum;
    barrier(CLK_LOCAL_MEM_FENCE); // all chains are there before the first work item of each output adds them
    if (chain == 0 && o < out_size) y[y_start + (ulong)t * out_size + o] = add_chains(vload8(0, chains + lane));
}

// Many rows: grid of TILE x TILE work items, one output each. A group walks along i in steps of TILE_DEPTH: it brings TILE rows of x and TILE
// rows of the weight to local memory together, and then each value is used TILE times from there instead of being fetched TILE times.
kernel void matmul_tile(global const float* x, ulong x_start,          // [T, in]
    global const uchar* weight, ulong weight_start, int weight_type,   // [out, in], start in bytes
    global float* y, ulong y_start,                                    // [T, out]
    int rows, int in_size, int out_size)
{
    local float x_tile[TILE * TILE_STRIDE];      // [TILE rows t, TILE_DEPTH]
    local float weight_tile[TILE * TILE_STRIDE]; // [TILE outputs o, TILE_DEPTH], already decoded
    int column = get_local_id(0), row = get_local_id(1);
    int first_o = get_group_id(0) * TILE, first_t = get_group_id(1) * TILE;
    ulong weight_bytes = weight_row_bytes(in_size, weight_type);

    float8 sums = 0; // chain c of this work item's output in element c
    for (int start = 0; start < in_size; start += TILE_DEPTH)
    {
        for (int n = row * TILE + column; n < TILE * TILE_DEPTH; n += TILE * TILE) // each work item brings every 256th value of both tiles
        {
            int tile_row = n / TILE_DEPTH, depth = n % TILE_DEPTH, i = start + depth, t = first_t + tile_row, o = first_o + tile_row;
            // Zeros beyond the edges: fma(0, 0, sum) is sum.
            x_tile[tile_row * TILE_STRIDE + depth] = t < rows && i < in_size ? x[x_start + (ulong)t * in_size + i] : 0;
            weight_tile[tile_row * TILE_STRIDE + depth] = o < out_size && i < in_size
                ? weight_value(weight + weight_start + (ulong)o * weight_bytes, i, weight_type) : 0;
        }
        barrier(CLK_LOCAL_MEM_FENCE); // both tiles are complete before anyone multiplies
        for (int depth = 0; depth < TILE_DEPTH; depth += CHAINS)
            sums = fma(vload8(0, x_tile + row * TILE_STRIDE + depth), vload8(0, weight_tile + column * TILE_STRIDE + depth), sums);
        barrier(CLK_LOCAL_MEM_FENCE); // everyone is done with the tiles before the next step overwrites them
    }
    int t = first_t + row, o = first_o + column;
    if (t < rows && o < out_size) y[y_start + (ulong)t * out_size + o] = add_chains(sums);
}
