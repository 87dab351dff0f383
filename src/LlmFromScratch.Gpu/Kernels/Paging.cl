// Where a position of a sequence lies in a paged cache [N, B, K * D] (Kwon et al. 2023, PagedAttention): position p is token p % B of the page that
// entry p / B of the sequence's row in the block table names. A slot counts tokens over all pages.

// The slot, or -1 (and a fault) when the table does not name one. sequence and position have been checked.
static int cache_slot(global const int* block_table, int sequence, int position, int block_size, int blocks_per_sequence, int block_count,
    global int* fault)
{
    int entry = block_table[sequence * blocks_per_sequence + position / block_size];
    int block = checked_index(entry, block_count, FAULT_BLOCK, fault);
    return block < 0 ? -1 : block * block_size + position % block_size;
}
