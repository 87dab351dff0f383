#!/usr/bin/env bash
# Measures this engine and llama.cpp in turns on the GGUF files given and prints a Markdown table of each one's best.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
prompt=${PROMPT_TOKENS:-512} generate=${GENERATE_TOKENS:-128} turns=${TURNS:-2} threads=${THREADS:-2}

[ -d "$here/node_modules/node-llama-cpp" ] || (cd "$here" && npm install --ignore-scripts --no-audit --no-fund >&2)
dotnet build -v quiet "$root/src/LlmFromScratch.Cli" >&2

llmfs() { dotnet "$root/artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll" "$@"; }
ours() { llmfs bench --model "$1" --prompt-tokens "$prompt" --generate-tokens "$generate" --threads "$threads" --json; }
peer() { (cd "$here" && node llama.mjs "$1" "$prompt" "$generate" "$threads" | tail -1); }
field() { sed -nE "s/.*\"$2\":\"?([A-Za-z0-9.]+).*/\1/p" <<<"$1"; }
best() { printf '%s\n%s\n' "$1" "$2" | sort -g | tail -1; }
firstToken() { # seconds from the start of the process to the end of the first token
    local start=$(date +%s%N)
    llmfs generate --model "$1" --prompt-ids 1 --max-tokens 1 --ignore-eos --threads "$threads" --json >/dev/null
    awk -v a="$start" -v b="$(date +%s%N)" 'BEGIN { print (b - a) / 1e9 }'
}

echo "| file | activations | prefill tokens/s, ours | llama.cpp | ratio | decode tokens/s, ours | llama.cpp | ratio | MB resident | first token, s |"
echo "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|"
for name in "$@"; do
    file=$(realpath "$name")
    op=0 od=0 lp=0 ld=0 first=1000
    for _ in $(seq "$turns"); do
        a=$(ours "$file") b=$(peer "$file") f=$(firstToken "$file")
        op=$(best "$op" "$(field "$a" prefillTokensPerSecond)") od=$(best "$od" "$(field "$a" decodeTokensPerSecond)")
        lp=$(best "$lp" "$(field "$b" prefillTokensPerSecond)") ld=$(best "$ld" "$(field "$b" decodeTokensPerSecond)")
        first=$(printf '%s\n%s\n' "$first" "$f" | sort -g | head -1)
    done
    awk -v f="$(basename "$file")" -v q="$(field "$a" activations)" -v op="$op" -v od="$od" -v lp="$lp" -v ld="$ld" -v r="$(field "$a" residentBytes)" -v t="$first" \
        'BEGIN { printf "| %s | %s | %.0f | %.0f | %.2f | %.1f | %.1f | %.2f | %.0f | %.1f |\n", f, q, op, lp, op / lp, od, ld, od / ld, r / 1e6, t }'
done
