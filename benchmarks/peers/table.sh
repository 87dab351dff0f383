#!/usr/bin/env bash
# The whole comparison in one command: makes the models that are missing under artifacts/models (5.5 GB), measures both engines on each of
# them in turns, and writes benchmarks/results/DATE-llama.cpp-all.md. Best on a calm machine; TURNS, PROMPT_TOKENS, GENERATE_TOKENS and THREADS are those of run.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
models="$root/artifacts/models" result="$root/benchmarks/results/$(date +%F)-llama.cpp-all.md"
mkdir -p "$models"
dotnet build -v quiet "$root/src/LlmFromScratch.Cli" >&2

files=()
for size in 110M 1.1B; do
    source="$models/random-$size.F16.gguf"
    [ -f "$source" ] || dotnet run -c Release --project "$root/benchmarks/LlmFromScratch.Benchmarks" -- make-model "$source" F16 "$size" >&2
    for type in Q8_0 Q4_0 Q4_K_M F16; do
        file="$models/random-$size.$type.gguf"
        [ -f "$file" ] || dotnet "$root/artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll" quantize "$source" "$file" "$type" >&2
        files+=("$file")
    done
done

load=$(cut -d' ' -f1-3 /proc/loadavg)
table=$(bash "$here/run.sh" "${files[@]}")
{
    echo "# All formats against llama.cpp, $(date +%F)"
    echo
    echo "- Machine: $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1); load average before the run $load, after it $(cut -d' ' -f1-3 /proc/loadavg)"
    echo "- Commit: $(git -C "$root" rev-parse --short HEAD); .NET SDK $(dotnet --version); node-llama-cpp $(sed -nE 's/.*"node-llama-cpp": "([^"]+)".*/\1/p' "$here/package.json")"
    echo "- Command: \`bash benchmarks/peers/table.sh\`: ${PROMPT_TOKENS:-512} prompt tokens, ${GENERATE_TOKENS:-128} decode steps, ${THREADS:-2} threads, each engine's best median of ${TURNS:-2} turns"
    echo "- Resident memory is anonymous and mapped pages together, after the runs; the first token is timed from the start of the process"
    echo
    echo "$table"
} > "$result"
cat "$result"
