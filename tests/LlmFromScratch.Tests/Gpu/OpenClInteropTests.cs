using LlmFromScratch.Gpu;
using LlmFromScratch.Gpu.Interop;
using LlmFromScratch.Tensors;

namespace LlmFromScratch.Tests.Gpu;

public class OpenClInteropTests
{
    private const string TwoArguments = "kernel void scale(global float* x, float factor) { x[get_global_id(0)] *= factor; }";

    [Fact]
    public void TryLoad_NoSuchLibrary_SaysWhatWasTried()
    {
        Assert.False(OpenClLibrary.TryLoad(["no-such-opencl-1", "no-such-opencl-2"], out nint library, out string reason));
        Assert.Equal(0, library);
        Assert.Equal("no OpenCL library on this system (tried no-such-opencl-1, no-such-opencl-2)", reason);
    }

    [Fact]
    public void IsAvailable_WhateverTheSystem_AgreesWithTheConstructor()
    {
        if (OpenClBackend.IsAvailable(out string reason))
        {
            using OpenClBackend backend = new();
            Assert.Equal(("opencl", ""), (backend.Name, reason));
            Assert.NotEmpty(backend.DeviceName);
            return;
        }
        string message = Assert.Throws<NotSupportedException>(() => new OpenClBackend()).Message;
        Assert.StartsWith($"OpenCL: {reason}. ", message);
        Assert.Contains("pocl-opencl-icd", message);
    }

    [Fact]
    public void Failure_KnownCode_NamesCallSubjectAndCode() => Assert.Equal(
        "OpenCL: clEnqueueNDRangeKernel for matmul_row failed with CL_INVALID_WORK_GROUP_SIZE (-54).",
        Assert.Throws<InvalidOperationException>(() => OpenClStatus.Check(-54, "clEnqueueNDRangeKernel", "matmul_row")).Message);

    [OpenClFact]
    public void Build_WrongSource_ThrowsWithTheCompilersLog()
    {
        using Device device = new();
        string message = Assert.Throws<InvalidOperationException>(() => device.Build("#line 1 \"Wrong.cl\"\nkernel void f(global float* x) { y = 1; }")).Message;
        Assert.Contains("CL_BUILD_PROGRAM_FAILURE", message);
        Assert.Contains("Wrong.cl", message);
    }

    [OpenClFact]
    public void Kernel_WrongArguments_AreRefusedBeforeTheRun()
    {
        using Device device = new();
        using OpenClProgram program = device.Build(TwoArguments);
        using OpenClKernel kernel = program.Kernel("scale");
        using OpenClStorage storage = device.Memory.Allocate(4);
        Assert.Equal("OpenCL kernel scale: argument 1 is Int, expected Float.",
            Assert.Throws<InvalidOperationException>(() => kernel.Begin().Buffer(storage).Int(2)).Message);
        Assert.Equal("OpenCL kernel scale: argument 2 is Int, expected no more arguments.",
            Assert.Throws<InvalidOperationException>(() => kernel.Begin().Buffer(storage).Float(2).Int(2)).Message);
        Assert.Equal("OpenCL kernel scale: expected 2 arguments, got 1.",
            Assert.Throws<InvalidOperationException>(() => kernel.Begin().Buffer(storage).Run(device.Queue, 1, 1, 1)).Message);
        Assert.Contains("CL_INVALID_KERNEL_NAME", Assert.Throws<InvalidOperationException>(() => program.Kernel("no_such")).Message);
    }

    [OpenClFact]
    public void Kernel_AfterWarmUp_RunsWithoutAllocation()
    {
        using OpenClBackend backend = new();
        using Tensor x = backend.Allocate(new Shape(1, 64)), weight = backend.LoadMatMulWeight(Tensor.Zeros(new Shape(64, 64)));
        using Tensor y = backend.Allocate(new Shape(1, 64));
        float[] values = new float[64];
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) Step();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Step()
        {
            backend.Upload<float>(values, x);
            backend.MatMul(x, weight, y);
            backend.Add(x, y, x);
            backend.Download<float>(x, values);
        }
    }

    /// <summary>A context and a queue without the backend's kernels.</summary>
    private sealed unsafe class Device : IDisposable
    {
        private readonly OpenClDevice _device;
        private readonly ContextHandle _context;

        public Device()
        {
            _device = OpenClDevice.Find(out _)!; // not null: these tests are skipped without a device
            nint id = _device.Id;
            _context = OpenClApi.CreateContext(null, 1, &id, 0, 0, out int status);
            OpenClStatus.Check(status, "clCreateContext");
            Queue = OpenClApi.CreateCommandQueue(_context, id, 0, out status);
            OpenClStatus.Check(status, "clCreateCommandQueue");
            Memory = new OpenClMemory(_context, Queue, _device);
        }

        public QueueHandle Queue { get; }

        public OpenClMemory Memory { get; }

        public OpenClProgram Build(string source) => new(_context, _device, source, "");

        public void Dispose()
        {
            Queue.Dispose();
            _context.Dispose();
        }
    }
}
