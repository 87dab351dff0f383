#!/usr/bin/env bash
# quantize.sh: brings tales-chat to four bits a weight by rounding to the nearest, by GPTQ, by AWQ and by quantization-aware training, and prints what each costs: bits/byte of the
# answers in talks that it did not learn, questions answered right. About five minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -v quiet src/LlmFromScratch.Cli >&2
llmfs() { dotnet artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll "$@"; }
cache=data/cache runs=models/runs/quantize
mkdir -p $cache $runs
talks=$cache/conversations-1-36MB.jsonl calibration=$cache/calibration.txt unseen=$cache/unseen-HeldOutCombinations.jsonl
[ -f $talks ] || llmfs data make conversations --seed 1 --size 36MB -o $talks >&2
llmfs data make tales-base --seed 3 --size 100KB -o $calibration >&2 # tales and talks, as text
llmfs data make conversations --seed 99 --size 900KB --split HeldOutCombinations -o $unseen >&2

row() { # WEIGHTS FILE
    local report=$runs/report.json of
    llmfs eval --model "$2" --corpus $talks --held-out $unseen --conversations $unseen --samples 0 -o $report > /dev/null
    of() { sed -nE "s/.*\"$1\":([0-9.]+).*/\1/p" $report; }
    printf '| %s | %.2f MB | %.4f | %d of %d |\n' "$1" "$(($(stat -c %s "$2") / 10000))e-2" "$(of bitsPerByte)" "$(of right)" "$(of asked)"
}
echo "| weights of tales-chat | file | answers, bits/byte | questions answered right |"
echo "|---|---:|---:|---:|"
row "Q8_0, as committed" models/tales-chat.gguf
for type in Q4_0 Q4_1; do
    for method in nearest gptq awq; do
        llmfs quantize models/tales-chat.gguf $runs/$type-$method.gguf $type --method $method --calibration $calibration >&2
        row "$type by $method, embedding Q8_0" $runs/$type-$method.gguf
    done
done
llmfs quantize models/tales-chat.gguf $runs/all-nearest.gguf Q4_0 >&2
row "Q4_0 as llmfs quantize makes it without a text" $runs/all-nearest.gguf
llmfs sft --config models/recipes/tales-chat-q4.json --resume >&2
row "Q4_0 after 100 steps of quantization-aware training, embedding too" models/runs/tales-chat-q4/tales-chat-q4.gguf
