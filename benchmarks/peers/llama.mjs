// Times llama.cpp (node-llama-cpp's prebuilt binary) on a GGUF file: prefill and decode apart, medians of 5 runs after one to warm up.
// usage: node llama.mjs FILE PROMPT_TOKENS GENERATE_TOKENS THREADS ; prints one JSON object on one line
import { getLlama } from "node-llama-cpp";

const [file, promptTokens, generateTokens, threads] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const runs = 5;
const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const llama = await getLlama({ gpu: false, build: "never", maxThreads: threads, logLevel: "error" });
const model = await llama.loadModel({ modelPath: file });
const vocabSize = model.fileInfo.metadata.tokenizer.ggml.tokens.length;
const prompt = Array.from({ length: promptTokens }, (_, i) => (i * 7 + 3) % vocabSize);
const context = await model.createContext({ contextSize: promptTokens + generateTokens, batchSize: promptTokens, threads, flashAttention: false });
const sequence = context.getSequence();

const prefill = [], decode = [];
for (let run = 0; run <= runs; run++) {
    await sequence.clearHistory();
    let start = performance.now();
    await sequence.evaluateWithoutGeneratingNewTokens(prompt);
    const prefillSeconds = (performance.now() - start) / 1000;
    start = performance.now();
    for (let i = 0; i < generateTokens; i++) await sequence.evaluateWithoutGeneratingNewTokens([prompt[i % promptTokens]]);
    const decodeSeconds = (performance.now() - start) / 1000;
    if (run === 0) continue;
    prefill.push(promptTokens / prefillSeconds);
    decode.push(generateTokens / decodeSeconds);
}
console.log(JSON.stringify({ prefillTokensPerSecond: median(prefill), decodeTokensPerSecond: median(decode) }));
process.exit(0);
