#!/usr/bin/env bash
# Measures this engine and llama.cpp in turns on the GGUF files given, at 1 and 2 threads, and prints a Markdown table of each one's best.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
prompt=${PROMPT_TOKENS:-128} generate=${GENERATE_TOKENS:-64} turns=${TURNS:-3}

[ -d "$here/node_modules/node-llama-cpp" ] || (cd "$here" && npm install --ignore-scripts --no-audit --no-fund >&2)
dotnet build -v quiet "$root/src/LlmFromScratch.Cli" >&2

ours() { dotnet run --project "$root/src/LlmFromScratch.Cli" --no-build -- bench --model "$1" --prompt-tokens "$prompt" --generate-tokens "$generate" --threads "$2" --json; }
peer() { (cd "$here" && node llama.mjs "$1" "$prompt" "$generate" "$2" | tail -1); }
field() { sed -nE "s/.*\"$2\":([0-9.]+).*/\1/p" <<<"$1"; }
best() { printf '%s\n%s\n' "$1" "$2" | sort -g | tail -1; }

echo "| file | prefill tokens/s, ours | llama.cpp | ratio | decode tokens/s, ours | llama.cpp | ratio |"
echo "|---|---:|---:|---:|---:|---:|---:|"
for name in "$@"; do
    file=$(realpath "$name")
    op=0 od=0 lp=0 ld=0
    for _ in $(seq "$turns"); do
        for threads in 1 2; do
            a=$(ours "$file" $threads) b=$(peer "$file" $threads)
            op=$(best "$op" "$(field "$a" prefillTokensPerSecond)") od=$(best "$od" "$(field "$a" decodeTokensPerSecond)")
            lp=$(best "$lp" "$(field "$b" prefillTokensPerSecond)") ld=$(best "$ld" "$(field "$b" decodeTokensPerSecond)")
        done
    done
    awk -v f="$(basename "$file")" -v op="$op" -v od="$od" -v lp="$lp" -v ld="$ld" \
        'BEGIN { printf "| %s | %.0f | %.0f | %.2f | %.0f | %.0f | %.2f |\n", f, op, lp, op / lp, od, ld, od / ld }'
done
