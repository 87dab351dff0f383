using LlmFromScratch.Tensors;

namespace LlmFromScratch.Training.Quantization;

/// <summary>A matrix in blocks of four bits a weight, made row by row: nearest values, or corrected ones from <see cref="Gptq"/>.</summary>
public sealed class FourBitMatrix
{
    private readonly byte[] _codes; // [out, in]
    private readonly FourBitGrid[] _grids; // [out, in / 32]

    /// <summary>A matrix to be filled.</summary>
    /// <param name="type">Q4_0 or Q4_1.</param>
    /// <param name="shape">[out, in], in a multiple of 32.</param>
    /// <exception cref="NotSupportedException">Another type, or rows that are no whole blocks.</exception>
    internal FourBitMatrix(DType type, Shape shape)
    {
        if (type is not (DType.Q4_0 or DType.Q4_1)) throw new NotSupportedException($"FourBitMatrix: expected Q4_0 or Q4_1, got {type}.");
        if (shape.Rank != 2 || shape[1] % FourBitGrid.BlockSize != 0) throw new NotSupportedException(
            $"FourBitMatrix: the weight is {shape}; expected two axes, rows of whole blocks of {FourBitGrid.BlockSize}.");
        (Type, Shape) = (type, shape);
        _codes = new byte[shape.Count];
        _grids = new FourBitGrid[shape.Count / FourBitGrid.BlockSize];
        Values = new float[shape.Count];
    }

    /// <summary>Q4_0 or Q4_1.</summary>
    public DType Type { get; }

    /// <summary>[out, in].</summary>
    public Shape Shape { get; }

    /// <summary>[out, in] what the blocks stand for: the values that the engine will compute with.</summary>
    public float[] Values { get; }

    /// <summary>Round to nearest: every value becomes the nearest of its block's sixteen.</summary>
    public static FourBitMatrix RoundToNearest(DType type, Shape shape, ReadOnlySpan<float> weights)
    {
        FourBitMatrix matrix = new(type, shape);
        for (int start = 0; start < weights.Length; start += FourBitGrid.BlockSize)
        {
            FourBitGrid grid = matrix.Begin(start, weights.Slice(start, FourBitGrid.BlockSize));
            for (int i = start; i < start + FourBitGrid.BlockSize; i++) matrix.Set(i, grid, weights[i]);
        }
        return matrix;
    }

    /// <summary>The blocks as a file holds them.</summary>
    public Tensor ToTensor()
    {
        Tensor tensor = Tensor.Zeros(Shape, Type);
        int blockBytes = Type.BlockBytes();
        for (int block = 0; block < _grids.Length; block++)
            _grids[block].Pack(_codes.AsSpan(block * FourBitGrid.BlockSize, FourBitGrid.BlockSize), tensor.Bytes.Slice(block * blockBytes, blockBytes));
        return tensor;
    }

    /// <summary>Chooses the grid of the block that starts at a place.</summary>
    internal FourBitGrid Begin(int start, ReadOnlySpan<float> values) => _grids[start / FourBitGrid.BlockSize] = FourBitGrid.Fit(Type, values);

    /// <summary>Rounds one value and returns what it became.</summary>
    internal float Set(int index, FourBitGrid grid, float value)
    {
        _codes[index] = grid.Code(value);
        return Values[index] = grid.Value(_codes[index]);
    }

    /// <summary>Takes a row of another matrix.</summary>
    internal void CopyRow(FourBitMatrix source, int row)
    {
        int size = Shape[1], blocks = size / FourBitGrid.BlockSize;
        source._codes.AsSpan(row * size, size).CopyTo(_codes.AsSpan(row * size));
        source.Values.AsSpan(row * size, size).CopyTo(Values.AsSpan(row * size));
        source._grids.AsSpan(row * blocks, blocks).CopyTo(_grids.AsSpan(row * blocks));
    }
}
