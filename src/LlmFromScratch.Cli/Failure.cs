namespace LlmFromScratch.Cli;

/// <summary>What a user sees when a command fails: one line on standard error and an exit code; never a stack trace.</summary>
internal static class Failure
{
    public const int WorkFailed = 1, WrongInputCode = 2, Interrupted = 130;

    /// <summary>Prints one line that says what is wrong, and gives exit code 2.</summary>
    public static int WrongInput(string message) => Print(message, WrongInputCode);

    /// <summary>Runs a command and turns the exceptions that style.md names into exit codes.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (UnauthorizedAccessException e)
        {
            return WrongInput($"{e.Message} Expected a file that may be read, not a folder.");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or NotSupportedException or FileNotFoundException
            or DirectoryNotFoundException)
        {
            return WrongInput(WithGot(e));
        }
        catch (Exception e) when (e is HttpRequestException || e.GetType() == typeof(ArithmeticException)) // the second says that a number of a training is not finite
        {
            return Print(e.Message, WorkFailed);
        }
        catch (OutOfMemoryException)
        {
            return Print("there is not enough memory; ask for a shorter --ctx, fewer --max-tokens or a --cache-type of fewer bytes, take a smaller model, or train with a smaller batchSize.", WorkFailed);
        }
        catch (Exception e) // the outermost door: whatever it is, a user gets a line and not a stack
        {
            return Print($"{e.Message} ({e.GetType().Name})", WorkFailed);
        }
    }

    // .NET keeps the value that was out of range beside the message.
    private static string WithGot(Exception e)
    {
        string message = WithoutParameter(e.Message);
        return e is ArgumentOutOfRangeException { ActualValue: { } value } && !message.Contains("got ", StringComparison.Ordinal)
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{message.TrimEnd('.')}, got {value}.")
            : message;
    }

    // ArgumentException appends " (Parameter 'x')": a name in our code means nothing to the user of a command.
    private static string WithoutParameter(string message)
    {
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter >= 0 ? message[..parameter] : message;
    }

    private static int Print(string message, int code)
    {
        message = WithoutParameter(message);
        Console.Error.WriteLine("llmfs: " + Printable.Line(message.ReplaceLineEndings(" "), 2000)); // a message may quote a hostile file
        return code;
    }
}
