using LlmFromScratch.Kernels.Cpu.Threading;

namespace LlmFromScratch.Kernels.Cpu.Lanes;

/// <summary>A job for the thread team whose code is compiled for each lane width.</summary>
internal interface ILaneJob
{
    /// <summary>Does one part of the work with registers of one width.</summary>
    void Run<TLanes>(int part, int worker) where TLanes : unmanaged, ILanes<TLanes>;
}

/// <summary>Runs lane jobs on a team.</summary>
internal static class LaneJobs
{
    /// <summary>Runs every part of <paramref name="job"/> at a width; allocates nothing.</summary>
    public static void Run<TJob>(this ThreadTeam team, LaneWidth width, int parts, in TJob job) where TJob : unmanaged, ILaneJob
    {
        switch (width)
        {
            case LaneWidth.Sixteen:
                team.Run(parts, new AtWidth<TJob, Lanes512>(job));
                break;
            case LaneWidth.Eight:
                team.Run(parts, new AtWidth<TJob, Lanes256>(job));
                break;
            case LaneWidth.Four:
                team.Run(parts, new AtWidth<TJob, Lanes128>(job));
                break;
            default:
                team.Run(parts, new AtWidth<TJob, Lanes1>(job));
                break;
        }
    }

    private readonly struct AtWidth<TJob, TLanes>(TJob job) : IJob
        where TJob : unmanaged, ILaneJob
        where TLanes : unmanaged, ILanes<TLanes>
    {
        private readonly TJob _job = job;

        public void Run(int part, int worker) => _job.Run<TLanes>(part, worker);
    }
}
