using System.CommandLine;
using LlmFromScratch.Notebooks.Jupyter;

namespace LlmFromScratch.Cli.Commands;

/// <summary><c>llmfs kernel install|uninstall</c>: the notebooks' C# session as a Jupyter kernel; <c>run</c> is what Jupyter starts.</summary>
internal static class KernelCommand
{
    public static Command Create() => new("kernel", "A Jupyter kernel that runs the course's notebooks, on this machine only.") { CreateInstall(), CreateUninstall(), CreateRun() };

    private static Command CreateInstall()
    {
        Option<string> name = NameOption();
        Command command = new("install", "Write the kernelspec into your own Jupyter folder.") { name };
        command.SetAction(parsed =>
        {
            JupyterKernel.RequireLibrary();
            string file = KernelSpec.Install(parsed.GetRequiredValue(name), [.. StartOfThisProgram(), "kernel", "run", "{connection_file}"]);
            Console.WriteLine($"installed {file}");
            return 0;
        });
        return command;
    }

    private static Command CreateUninstall()
    {
        Option<string> name = NameOption();
        Command command = new("uninstall", "Remove the kernelspec again.") { name };
        command.SetAction(parsed =>
        {
            Console.WriteLine($"removed {KernelSpec.Uninstall(parsed.GetRequiredValue(name))}");
            return 0;
        });
        return command;
    }

    private static Command CreateRun()
    {
        Argument<FileInfo> file = new("CONNECTION-FILE") { Description = "The file that Jupyter writes." };
        Command command = new("run", "Serve a front end; Jupyter starts this.") { file };
        command.SetAction((parsed, cancellation) =>
        {
            using JupyterKernel kernel = new(ConnectionInfo.Load(parsed.GetRequiredValue(file).FullName), Directory.GetCurrentDirectory(), Console.Error);
            Console.CancelKeyPress += (_, pressed) =>
            {
                pressed.Cancel = true; // a front end that interrupts by signal means the cell, not the kernel
                kernel.Interrupt();
            };
            using CancellationTokenRegistration stop = cancellation.Register(kernel.Stop);
            kernel.Run();
            return Task.FromResult(0);
        });
        return command;
    }

    private static Option<string> NameOption() => new("--as")
    {
        Description = "The kernel's name; .net-csharp opens the course's notebooks without asking.", DefaultValueFactory = _ => KernelSpec.DefaultName,
    };

    // `dotnet llmfs.dll` or the program's own executable, whichever runs now.
    private static string[] StartOfThisProgram()
    {
        string process = Environment.ProcessPath ?? "dotnet"; // a host that does not know its path is found on the PATH
        return Path.GetFileNameWithoutExtension(process) == "dotnet" ? [process, Path.Combine(AppContext.BaseDirectory, "llmfs.dll")] : [process];
    }
}
