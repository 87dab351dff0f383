#!/usr/bin/env bash
# Builds the course, tries the notebook hosts, and says at the end what it found.
set -u
cd "$(dirname "$0")/.."
found=()
report() { found+=("$1"); }

if sudo apt-get -qq update && sudo apt-get -qq install -y --no-install-recommends pocl-opencl-icd ocl-icd-libopencl1 libzmq5 >/dev/null; then
    report "OpenCL on the CPU (pocl): the GPU backend can be tried"
else
    report "no OpenCL: the GPU backend's tests will skip"
fi
if sudo apt-get -qq install -y --no-install-recommends python3-venv >/dev/null && python3 -m venv "$HOME/jupyter" \
    && "$HOME/jupyter/bin/pip" install --quiet jupyterlab && export PATH="$HOME/jupyter/bin:$PATH" \
    && echo 'export PATH="$HOME/jupyter/bin:$HOME/.dotnet/tools:$PATH"' >> "$HOME/.bashrc"; then
    report "JupyterLab"
else
    report "no JupyterLab from this feed: run notebooks with 'llmfs notebook run'"
fi
nvm=${NVM_DIR:-/usr/local/share/nvm}/nvm.sh # the image brings nvm and no Node.js
if ! command -v npm >/dev/null && [ -s "$nvm" ]; then set +u; . "$nvm" && nvm install --lts >/dev/null; set -u; fi
if command -v npm >/dev/null && npm install --prefix notebooks/site --ignore-scripts --no-package-lock --no-audit --no-fund --silent; then
    report "plotly.js and mermaid: on pages ('llmfs notebook run --html') figures can be turned and diagrams are drawn"
else
    report "no plotly.js and mermaid from this feed: on pages figures are pictures"
fi
if dotnet tool update --global Microsoft.dotnet-interactive --version 1.0.707101 >/dev/null && "$HOME/.dotnet/tools/dotnet-interactive" jupyter install >/dev/null; then
    interactive=yes; report "the .NET Interactive kernel, under the name .net-csharp"
else
    interactive=no
fi
if dotnet restore -v quiet >/dev/null; then
    report "the feed serves the named packages (TorchSharp, ML.Tokenizers, Plotly.NET, .NET Interactive): their adapters are built"
else
    export FullFeed=false
    echo 'export FullFeed=false' >> "$HOME/.bashrc"     # terminals
    echo '-property:FullFeed=false' > Directory.Build.rsp # every build, also of editors, which have the container's environment
    report "the feed lacks some of the named packages: their adapters are left out (FullFeed=false)"
fi
if dotnet build -v quiet; then report "the solution builds"; else report "THE BUILD FAILED: see above"; fi
names=(llmfs); [ $interactive = yes ] || names+=(.net-csharp) # notebooks ask for .net-csharp: without .NET Interactive our kernel answers to it
for name in "${names[@]}"; do
    dotnet run --project src/LlmFromScratch.Cli --no-build -- kernel install --as "$name" >/dev/null && report "the kernel of this repository, under the name $name"
done
if dotnet run --project src/LlmFromScratch.Cli --no-build -- notebook run notebooks/01-probability-and-entropy.ipynb --check; then
    report "chapter 01 runs and prints what it should"
else
    report "CHAPTER 01 DID NOT RUN: see above"
fi
echo; echo "LlmFromScratch is ready. What was found:"
printf '  - %s\n' "${found[@]}"
