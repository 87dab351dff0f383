#!/usr/bin/env bash
# Seconds from the start of the process to its end after one token, for each file, ROUNDS times in turns: first-token.sh FILE.gguf...
# The file is read once before, so that no disk is measured. On a virtual machine the first round pays for memory that the host has not brought yet.
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: first-token.sh FILE.gguf..." >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
dotnet build -v quiet "$root/src/LlmFromScratch.Cli" >&2
for round in $(seq "${ROUNDS:-3}"); do
    for file in "$@"; do
        cat "$file" > /dev/null
        start=$(date +%s%N)
        dotnet "$root/artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll" generate --model "$file" --prompt-ids 1,2,3,4,5 --max-tokens 1 --ignore-eos --threads "${THREADS:-2}" > /dev/null
        echo "round $round  $(basename "$file")  $(( ($(date +%s%N) - start) / 10000000 ))" | sed -E 's/([0-9]+)([0-9]{2})$/\1.\2 s/; s/  ([0-9]{2})$/  0.\1 s/'
    done
done
