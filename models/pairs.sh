#!/usr/bin/env bash
# pairs.sh: samples the 2,400 preference pairs of the committed tales-chat into data/cache, unless those that lie there are of this very file. About seven minutes
# on two cores. ppo.sh and reproduce.sh call it.
set -euo pipefail
cd "$(dirname "$0")/.."
pairs=data/cache/pairs-tales-chat-1-2400.jsonl
if [ -f $pairs ] && sha256sum --check --status $pairs.parent 2> /dev/null; then exit; fi
dotnet build -v quiet src/LlmFromScratch.Cli >&2
mkdir -p data/cache
dotnet artifacts/bin/LlmFromScratch.Cli/debug/llmfs.dll data pairs --model models/tales-chat.gguf --seed 1 --count 2400 -o $pairs >&2
sha256sum models/tales-chat.gguf > $pairs.parent
