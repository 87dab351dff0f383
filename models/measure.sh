#!/usr/bin/env bash
# Prints the numbers of the models' cards: makes the sets under data/cache and runs `llmfs eval` on each model. About fifteen minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
dotnet build -v quiet src/LlmFromScratch.Cli >&2
llmfs() { dotnet artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll "$@"; }
splits="Training HeldOutCombinations HeldOutFrames HeldOutPlots"
cache=data/cache
[ -f $cache/tales-base.txt ] || llmfs data make tales-base --seed 1 --size 40MB -o $cache/tales-base.txt >&2
talks=$cache/conversations-1-36MB.jsonl # what the chat models learnt
[ -f $talks ] || llmfs data make conversations --seed 1 --size 36MB -o $talks >&2
for split in $splits; do
    llmfs data make tiny-tales --seed 77 --size 200KB --split "$split" -o "$cache/unseen-$split.txt" >&2
    llmfs data make conversations --seed 99 --size 900KB --split "$split" -o "$cache/unseen-$split.jsonl" >&2
done
heldOut=$cache/unseen-held-out.jsonl # a line of each in turn
paste -d '\n' $cache/unseen-HeldOut*.jsonl | grep . > $heldOut

echo "== tales-base: bits a byte on the held-out part of its corpus, then on tales that it did not learn"
llmfs eval --model models/tales-base.gguf --corpus $cache/tales-base.txt --held-out-share 0.01 --samples 0 # of the 0.012 that the recipe holds out, the last of unseen kinds alone
base="--corpus $cache/tales-base.txt --held-out-share 0.012"
for split in $splits; do
    echo "-- $split"
    llmfs eval --model models/tales-base.gguf $base --held-out "$cache/unseen-$split.txt" --samples 0
done
echo "== tales-base: tales"
llmfs eval --model models/tales-base.gguf $base --held-out $cache/unseen-Training.txt --prompt "Once upon a time" --tales 150 --samples 10
for model in tales-chat tales-chat-dpo; do
    echo "== $model: answers and questions about worlds that it did not see"
    reference=()
    [ $model = tales-chat ] || reference=(--reference models/tales-chat.gguf)
    for split in $splits; do
        echo "-- $split"
        llmfs eval --model models/$model.gguf --corpus $talks --held-out "$cache/unseen-$split.jsonl" --conversations "$cache/unseen-$split.jsonl" "${reference[@]}" --samples 0
    done
    echo "-- HeldOutCombinations, HeldOutFrames and HeldOutPlots in turn"
    llmfs eval --model models/$model.gguf --corpus $talks --held-out $heldOut --samples 0
    echo "== $model: tales"
    llmfs eval --model models/$model.gguf --corpus $talks --held-out $cache/unseen-Training.jsonl --prompt "Tell me a story." --tales 2000 --samples 10
done

[ -f $cache/tiny-tales-1-4MB.txt ] || llmfs data make tiny-tales --seed 1 --size 4MB -o $cache/tiny-tales-1-4MB.txt >&2 # what the small models learnt
small="--corpus $cache/tiny-tales-1-4MB.txt --held-out-share 0.02"
for model in tales-lstm tales-encoder tales-induction; do
    echo "== $model: tales that it did not learn"
    for split in $splits; do
        echo "-- $split"
        llmfs eval --model models/$model.gguf $small --held-out "$cache/unseen-$split.txt" --samples 0
    done
    echo "== $model: samples"
    repeats=()
    [ $model != tales-induction ] || repeats=(--repeats 10) # random tokens said twice
    llmfs eval --model models/$model.gguf $small --held-out $cache/unseen-Training.txt "${repeats[@]}" --prompt "Once upon a time" --samples 10
done
