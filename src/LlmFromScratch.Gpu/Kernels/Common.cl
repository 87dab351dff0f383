// Shared by all kernels; OpenClProgram puts this file first. Words: a WORK ITEM is one run of a kernel function, a WORK GROUP is GROUP_SIZE (or
// TILE x TILE) work items that share LOCAL memory and can wait for each other at a BARRIER; groups run in any order and never meet.
// OpenCL 1.2 promises correctly rounded +, -, * and fma, and small errors elsewhere (specification, table 7.1): exp 3 ulp, sin and cos 4, sqrt 3, / 2.5.
// Shape letters as in IBackend.cs. "x_start" is where a tensor starts in its buffer: a view of rows is the same buffer with another start.

#pragma OPENCL FP_CONTRACT OFF // a * b + c rounds twice, unless fma says otherwise: then the source says what is computed

// Faults: what an index was for. OpenClFault in C# turns the number into words.
#define FAULT_TOKEN_ID 1
#define FAULT_ROW 2
#define FAULT_SEQUENCE 3
#define FAULT_POSITION 4
#define FAULT_BLOCK 5
#define FAULT_EXPERT 6

// Answers an index, or -1 when it lies outside [0, count): a device would read or destroy foreign memory, so the caller must skip. The first
// such index is left in fault = [what, index, count], which the host reads at its next Download or Synchronize.
static int checked_index(int index, int count, int what, global int* fault)
{
    if (index >= 0 && index < count) return index;
    if (atomic_cmpxchg(fault, 0, what) == 0) // many work items may come here: only the first one writes
    {
        fault[1] = index;
        fault[2] = count;
    }
    return -1;
}

// The sum of one value of each work item of a group, the same for all of them. A tree: 64 values, 32 sums of two, 16 sums of four ... so the order, and
// with it the bits, never depend on which work item runs first. scratch: GROUP_SIZE floats of local memory. All work items must call it.
static float group_sum(float value, local float* scratch)
{
    int lane = get_local_id(0);
    scratch[lane] = value;
    barrier(CLK_LOCAL_MEM_FENCE); // every value is there before a neighbour reads it
    for (int half_count = GROUP_SIZE / 2; half_count > 0; half_count /= 2)
    {
        if (lane < half_count) scratch[lane] += scratch[lane + half_count];
        barrier(CLK_LOCAL_MEM_FENCE); // this level is done before the next one reads it; outside the if, because all must arrive
    }
    float sum = scratch[0];
    barrier(CLK_LOCAL_MEM_FENCE); // everyone has read the sum before the scratch is used again
    return sum;
}

// The largest of one value of each work item of a group; else like group_sum.
static float group_max(float value, local float* scratch)
{
    int lane = get_local_id(0);
    scratch[lane] = value;
    barrier(CLK_LOCAL_MEM_FENCE);
    for (int half_count = GROUP_SIZE / 2; half_count > 0; half_count /= 2)
    {
        if (lane < half_count) scratch[lane] = fmax(scratch[lane], scratch[lane + half_count]);
        barrier(CLK_LOCAL_MEM_FENCE);
    }
    float largest = scratch[0];
    barrier(CLK_LOCAL_MEM_FENCE);
    return largest;
}

// The eight chains that an output of a matrix product is made of, in pairs (MatMul.cl, Experts.cl).
static float add_chains(float8 s)
{
    return ((s.s0 + s.s1) + (s.s2 + s.s3)) + ((s.s4 + s.s5) + (s.s6 + s.s7));
}
