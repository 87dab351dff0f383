#!/usr/bin/env bash
# Builds the course, tries the notebook hosts, and says at the end what it found.
set -u
cd "$(dirname "$0")/.."
found=()
report() { found+=("$1"); }

if sudo apt-get -qq update && sudo apt-get -qq install -y --no-install-recommends pocl-opencl-icd ocl-icd-libopencl1 >/dev/null; then
    report "OpenCL on the CPU (pocl): the GPU backend can be tried"
else
    report "no OpenCL: the GPU backend's tests will skip"
fi
if sudo apt-get -qq install -y --no-install-recommends python3-venv >/dev/null && python3 -m venv "$HOME/jupyter" \
    && "$HOME/jupyter/bin/pip" install --quiet jupyterlab && export PATH="$HOME/jupyter/bin:$PATH" \
    && echo 'export PATH="$HOME/jupyter/bin:$HOME/.dotnet/tools:$PATH"' >> "$HOME/.bashrc" && dotnet tool update --global Microsoft.dotnet-interactive --version 1.0.707101 >/dev/null \
    && "$HOME/.dotnet/tools/dotnet-interactive" jupyter install >/dev/null; then
    report "Jupyter with the .NET Interactive kernel: open notebooks/ in VS Code or JupyterLab"
else
    report "no .NET Interactive kernel from this feed: run notebooks with 'llmfs notebook run'"
fi
if dotnet restore -v quiet >/dev/null; then
    report "the feed serves the named packages (TorchSharp, ML.Tokenizers, Plotly.NET, .NET Interactive): their adapters are built"
else
    export FullFeed=false
    echo 'export FullFeed=false' >> "$HOME/.bashrc"
    report "the feed lacks some of the named packages: their adapters are left out (FullFeed=false)"
fi
if dotnet build -v quiet; then report "the solution builds"; else report "THE BUILD FAILED: see above"; fi
if dotnet run --project src/LlmFromScratch.Cli --no-build -- notebook run notebooks/01-probability-and-entropy.ipynb --check; then
    report "chapter 01 runs and prints what it should"
else
    report "CHAPTER 01 DID NOT RUN: see above"
fi
echo; echo "LlmFromScratch is ready. What was found:"
printf '  - %s\n' "${found[@]}"
