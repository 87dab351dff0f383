// Reads one value of a weight as it lies in a GGUF file; WEIGHT_F32, WEIGHT_F16 and WEIGHT_Q8_0 are the numbers of DType in C#.
// All work items read the same type, so the switch costs a compare and never splits a group.

#define Q8_0_VALUES 32 // values a block
#define Q8_0_BYTES 34  // half scale d, then 32 signed bytes q; value = d * q

// Bytes of a row of `size` values.
static ulong weight_row_bytes(int size, int type)
{
    switch (type)
    {
        case WEIGHT_F32: return (ulong)size * 4;
        case WEIGHT_F16: return (ulong)size * 2;
        default: return (ulong)(size / Q8_0_VALUES) * Q8_0_BYTES;
    }
}

// Value i of a row. Halves are loaded as floats by vload_half: the arithmetic is float on every device, also on those without fp16 units.
static float weight_value(global const uchar* row, int i, int type)
{
    switch (type)
    {
        case WEIGHT_F32: return ((global const float*)row)[i];
        case WEIGHT_F16: return vload_half(i, (global const half*)row);
        default:
        {
            global const uchar* block = row + (ulong)(i / Q8_0_VALUES) * Q8_0_BYTES;
            float d = vload_half(0, (global const half*)block);
            return d * ((global const char*)block)[2 + i % Q8_0_VALUES]; // exact: 11 bits times 8 bits
        }
    }
}
