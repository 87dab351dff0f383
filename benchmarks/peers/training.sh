#!/usr/bin/env bash
# Training steps of this engine and of PyTorch (Debian's python3-torch) in turns, then the matrix products against OpenBLAS; prints Markdown, which
# `bash benchmarks/peers/training.sh > benchmarks/results/DATE-training.md` keeps. Best on a calm machine. TURNS, THREADS and SIZES may be set.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
turns=${TURNS:-3} threads=${THREADS:-2} sizes="$here/training-sizes.json"
/usr/bin/python3 -c 'import torch' 2>/dev/null || { echo "training.sh: needs Debian's python3-torch: apt-get install --no-install-recommends python3-torch libopenblas0-pthread" >&2; exit 2; }
[ -z "$(env | grep '^OPENBLAS_' || true)" ] || { echo "training.sh: unset the variables OPENBLAS_*: the peer is to run as it comes" >&2; exit 2; }
dotnet build -c Release -v quiet "$root/benchmarks/LlmFromScratch.Benchmarks" >&2

bench() { dotnet "$root/artifacts/bin/LlmFromScratch.Benchmarks/release/LlmFromScratch.Benchmarks.dll" "$@"; }
field() { sed -nE "s/.*\"$2\": ?\"?([A-Za-z0-9.+]+).*/\1/p" <<<"$1"; }
best() { printf '%s\n%s\n' "$1" "$2" | sort -g | tail -1; }

echo "# Training against PyTorch, matrix products against OpenBLAS, $(date +%F)"
echo
echo "- Machine: $(nproc) cores, $(sed -nE 's/^model name\s*: //p' /proc/cpuinfo | head -1); load before the run $(cut -d' ' -f1-3 /proc/loadavg); commit $(git -C "$root" rev-parse --short HEAD)"
echo "- Peer: PyTorch $(/usr/bin/python3 -c 'import torch; print(torch.__version__)') of Debian, BLAS $(readlink -f /usr/lib/*/libblas.so.3 | head -1 | xargs dirname | xargs basename), no OPENBLAS_* variable set"
echo "- Command: \`bash benchmarks/peers/training.sh\`; $threads threads; sizes in benchmarks/peers/training-sizes.json; median step of each run, best of $turns runs taken in turns"
echo "- A step: forward, backward, clipping, AdamW, in float32. Peak memory is the process's, its runtime included."
echo
echo "| model | parameters | batch | tokens/s, ours | PyTorch | ratio | peak MB, ours | PyTorch |"
echo "|---|---:|---|---:|---:|---:|---:|---:|"
for size in ${SIZES:-1M 4M 10M 50M}; do
    ours=0 theirs=0
    for _ in $(seq "$turns"); do
        a=$(bench train "$sizes" "$size" "$threads") b=$(/usr/bin/python3 "$here/train.py" "$sizes" "$size" "$threads")
        ours=$(best "$ours" "$(field "$a" tokensPerSecond)") theirs=$(best "$theirs" "$(field "$b" tokensPerSecond)")
    done
    [ "$(field "$a" parameters)" = "$(field "$b" parameters)" ] || { echo "training.sh: $size: the two models differ: $a $b" >&2; exit 1; }
    shape=$(sed -nE "s/.*\"$size\":.*\"batch\": *([0-9]+).*\"sequence\": *([0-9]+).*/\1 × \2/p" "$sizes")
    awk -v s="$size" -v p="$(field "$a" parameters)" -v h="$shape" -v o="$ours" -v t="$theirs" -v m="$(field "$a" peakMegabytes)" -v n="$(field "$b" peakMegabytes)" \
        'BEGIN { printf "| %s | %d | %s | %.0f | %.0f | %.2f | %d | %d |\n", s, p, h, o, t, o / t, m, n }'
done
echo
bench gemm "$threads"
