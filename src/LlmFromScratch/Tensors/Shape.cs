namespace LlmFromScratch.Tensors;

/// <summary>The sizes of a tensor's axes, slowest first (row-major: the last axis is contiguous); one to four axes.</summary>
public readonly record struct Shape
{
    private readonly int _size0, _size1, _size2, _size3;

    /// <summary>Makes a shape from one to four sizes, each at least 0.</summary>
    /// <exception cref="ArgumentException">No size, more than four, or a negative one.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length is < 1 or > 4) throw new ArgumentException($"Shape: expected 1 to 4 axes, got {sizes.Length}.", nameof(sizes));
        foreach (int size in sizes)
            if (size < 0) throw new ArgumentException($"Shape: expected sizes of at least 0, got {size}.", nameof(sizes));
        Rank = sizes.Length;
        _size0 = sizes[0];
        _size1 = sizes.Length > 1 ? sizes[1] : 1;
        _size2 = sizes.Length > 2 ? sizes[2] : 1;
        _size3 = sizes.Length > 3 ? sizes[3] : 1;
    }

    /// <summary>The number of axes.</summary>
    public int Rank { get; }

    /// <summary>The number of values: the product of all sizes.</summary>
    public long Count => (long)_size0 * _size1 * _size2 * _size3;

    /// <summary>The size of the last axis: the length of one contiguous row.</summary>
    public int RowLength => this[Rank - 1];

    /// <summary>The number of rows: the product of all sizes but the last.</summary>
    public long RowCount => RowLength == 0 ? 0 : Count / RowLength;

    /// <summary>The size of one axis.</summary>
    public int this[int axis] => (uint)axis >= (uint)Rank
        ? throw new ArgumentOutOfRangeException(nameof(axis), axis, $"Shape {this} has {Rank} axes.")
        : axis switch { 0 => _size0, 1 => _size1, 2 => _size2, _ => _size3 };

    /// <summary>The same shape with another first size: a view of some rows.</summary>
    public Shape WithFirst(int size) => Rank switch
    {
        1 => new Shape(size),
        2 => new Shape(size, _size1),
        3 => new Shape(size, _size1, _size2),
        _ => new Shape(size, _size1, _size2, _size3),
    };

    /// <summary>For example "[4, 768]".</summary>
    public override string ToString() => Rank switch
    {
        0 => "[]",
        1 => $"[{_size0}]",
        2 => $"[{_size0}, {_size1}]",
        3 => $"[{_size0}, {_size1}, {_size2}]",
        _ => $"[{_size0}, {_size1}, {_size2}, {_size3}]",
    };
}
