#!/usr/bin/env bash
# ppo.sh [BETA...]: teaches a reward model on preference pairs, lets tales-chat learn from it by PPO at each price β of leaving tales-chat, and prints how the
# reward model and the rules judge the answers of each policy. A run that was stopped goes on. About twenty minutes on two cores, seven of them for the pairs.
set -euo pipefail
cd "$(dirname "$0")/.."
betas=("$@")
[ ${#betas[@]} -gt 0 ] || betas=(0 0.5 1)
dotnet build -v quiet src/LlmFromScratch.Cli >&2
llmfs() { dotnet artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll "$@"; }
cache=data/cache runs=models/runs
reward=$runs/tales-reward/tales-reward.gguf
mkdir -p $cache $runs

worlds() { # FILE SEED SIZE: talks about a few facts, without those about tales
    [ -f "$1" ] && return
    llmfs data make conversations --seed "$2" --size "$3" -o "$1.all" >&2
    grep '"world":{"kind":"world"' "$1.all" > "$1"
    rm "$1.all"
}
worlds $cache/worlds-3-4MB.jsonl 3 4MB
worlds $cache/worlds-99-300KB.jsonl 99 300KB # asked of the policies at the end
bash models/pairs.sh
llmfs reward --config models/recipes/tales-reward.json --resume >&2

judge() { # NAME MODEL: the report, and its numbers as JSON
    llmfs eval --model "$2" --conversations $cache/worlds-99-300KB.jsonl --reward $reward --reference models/tales-chat.gguf --tales 40 --prompt "Tell me a story." --samples 6 \
        -o "$runs/$1.eval.json" > "$runs/$1.eval.txt"
}
judge tales-chat models/tales-chat.gguf
for beta in "${betas[@]}"; do
    name=tales-ppo-$beta
    mkdir -p "$runs/$name"
    sed "s#tales-ppo\"#$name\"#; s#tales-ppo/tales-ppo\.gguf#$name/$name.gguf#; s#\"beta\": [0-9.]*#\"beta\": $beta#" models/recipes/tales-ppo.json > "$runs/$name/recipe.json"
    llmfs ppo --config "$runs/$name/recipe.json" --resume >&2
    judge "$name" "$runs/$name/$name.gguf"
done

of() { # FILE SECTION FIELD: a number of the report
    sed -nE "s/.*\"$2\":\{[^{[]*\"$3\":([^],}]+).*/\1/p" "$1"
}
row() { # LABEL NAME
    local file=$runs/$2.eval.json value
    value() { of "$file" "$1" "$2"; }
    printf '| %s | %.2f | %d of %d | %.2f | %d | %d | %d | %.1f | %.3f | %d of %d |\n' "$1" "$(value rewarded reward)" "$(value rewarded right)" "$(value rewarded asked)" \
        "$(value rewarded agreement)" "$(value rewarded saidTwice)" "$(value rewarded unfinished)" "$(value rewarded different)" "$(value rewarded tokensPerAnswer)" \
        "$(value rewarded natsPerToken)" "$(value consistency consistent)" "$(value consistency told)"
}
echo "| policy | reward by the reward model | questions right | agreement with the expected answers | say a sentence twice | not finished | different answers | tokens an answer | KL, nats a token | consistent tales |"
echo "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|"
row tales-chat tales-chat
for beta in "${betas[@]}"; do row "PPO, β = $beta" "tales-ppo-$beta"; done
echo
echo "| held out, after step | $(printf 'β = %s: reward | agreement | nats an answer | tokens | ' "${betas[@]}")"
echo "|---:|$(printf -- '---:|---:|---:|---:|%.0s' "${betas[@]}")"
curve() { # NAME
    sed -nE 's/.*"step":([0-9]+),.*"heldOutReward":([^,}]+),"heldOutDivergence":([^,}]+),"heldOutAnswerTokens":([^,}]+),"heldOutAgreement":([^,}]+).*/\1 \2 \5 \3 \4/p' "$runs/$1/metrics.jsonl" |
        while read -r step reward agreement nats tokens; do printf '%d %.2f | %.2f | %.1f | %.1f |\n' "$step" "$reward" "$agreement" "$nats" "$tokens"; done
}
steps=$(curve "tales-ppo-${betas[0]}" | cut -d' ' -f1)
for step in $steps; do
    line="| $step |"
    for beta in "${betas[@]}"; do line+=" $(curve "tales-ppo-$beta" | sed -nE "s/^$step //p")"; done
    echo "$line"
done
for name in tales-chat "${betas[@]/#/tales-ppo-}"; do
    printf '\n== %s\n' "$name"
    cat "$runs/$name.eval.txt"
done
