#!/usr/bin/env bash
# Measures this engine and llama.cpp in turns on the GGUF files given, and prints a Markdown table.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
prompt=${PROMPT_TOKENS:-128} generate=${GENERATE_TOKENS:-64} threads=${THREADS:-2} turns=3

[ -d "$here/node_modules/node-llama-cpp" ] || (cd "$here" && npm install --ignore-scripts --no-audit --no-fund >&2)
dotnet build -v quiet "$root/src/LlmFromScratch.Cli" >&2

field() { sed -E "s/.*\"$2\":([0-9.]+).*/\1/" <<<"$1"; }
best() { printf '%s\n%s\n' "$1" "$2" | sort -g | tail -1; }

echo "| file | prefill tokens/s, ours | llama.cpp | ratio | decode tokens/s, ours | llama.cpp | ratio |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for file in "$@"; do
    op=0 od=0 lp=0 ld=0
    for _ in $(seq $turns); do
        ours=$(dotnet run --project "$root/src/LlmFromScratch.Cli" --no-build -- bench --model "$file" --prompt-tokens "$prompt" --generate-tokens "$generate" --threads "$threads" --json)
        peer=$(cd "$here" && node llama.mjs "$(realpath "$file")" "$prompt" "$generate" "$threads" | tail -1)
        op=$(best "$op" "$(field "$ours" prefillTokensPerSecond)") od=$(best "$od" "$(field "$ours" decodeTokensPerSecond)")
        lp=$(best "$lp" "$(field "$peer" prefillTokensPerSecond)") ld=$(best "$ld" "$(field "$peer" decodeTokensPerSecond)")
    done
    awk -v f="$(basename "$file")" -v op="$op" -v od="$od" -v lp="$lp" -v ld="$ld" \
        'BEGIN { printf "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f |\n", f, op, lp, op / lp, od, ld, od / ld }'
done
