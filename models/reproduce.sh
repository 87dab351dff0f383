#!/usr/bin/env bash
# reproduce.sh [STEPS] [NAME...]: trains the first steps of the recipes anew (100 of all without arguments) and compares each loss with those in NAME.losses.txt.
# Same recipe, same bits. The pairs that tales-chat-dpo learns from are sampled first, which takes some minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
steps=${1:-100}
names=("${@:2}")
[ ${#names[@]} -gt 0 ] || names=(tales-base tales-chat tales-chat-dpo tales-lstm tales-encoder tales-induction)
dotnet build -v quiet src/LlmFromScratch.Cli >&2
llmfs() { dotnet artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll "$@"; }
cache=data/cache
mkdir -p $cache
for name in "${names[@]}"; do
    run=$(mktemp -d) # a run of its own: one that is under way is left alone
    sed "s#\"models/runs/$name\"#\"$run\"#" models/recipes/$name.json > "$run/recipe.json"
    case $name in
        tales-base | tales-lstm | tales-encoder | tales-induction) command=train ;;
        tales-chat) command=sft; talks=$cache/conversations-1-36MB.jsonl; [ -f $talks ] || llmfs data make conversations --seed 1 --size 36MB -o $talks >&2 ;;
        tales-chat-dpo) command=dpo; bash models/pairs.sh ;;
        *) echo "reproduce.sh: no losses of $name are kept" >&2; exit 2 ;;
    esac
    llmfs $command --config "$run/recipe.json" --until "$steps" >&2
    diff <(head -n "$steps" models/$name.losses.txt) <(sed -nE 's/.*"loss":([^,}]+).*/\1/p' "$run/metrics.jsonl" | head -n "$steps")
    rm -r "$run"
    echo "$name: the first $steps losses are the same"
done
