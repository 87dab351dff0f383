"""Training steps of a llama in PyTorch on the CPU: forward, backward, clipping, AdamW, on random ids; prints one JSON object.

usage: train.py SIZES.json NAME THREADS      (the peer of `LlmFromScratch.Benchmarks train`)
"""
import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

VOCAB, WARM_UPS = 2048, 2


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * self.weight


def rotate(x, cosines, sines):
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cosines - odd * sines, even * sines + odd * cosines), -1).flatten(-2)


class Block(nn.Module):
    def __init__(self, size):
        super().__init__()
        width, self.heads, self.kv_heads = size["embedding"], size["heads"], size["kvHeads"]
        self.head_size = width // self.heads
        key_value = self.head_size * self.kv_heads
        self.attn_norm, self.ffn_norm = RmsNorm(width), RmsNorm(width)
        self.q, self.k, self.v = (nn.Linear(width, n, bias=False) for n in (width, key_value, key_value))
        self.out = nn.Linear(width, width, bias=False)
        self.gate, self.up = (nn.Linear(width, size["feedForward"], bias=False) for _ in range(2))
        self.down = nn.Linear(size["feedForward"], width, bias=False)

    def forward(self, x, cosines, sines, mask):
        batch, tokens, width = x.shape
        h = self.attn_norm(x)
        split = lambda y, heads: y.view(batch, tokens, heads, self.head_size).transpose(1, 2)
        q = rotate(split(self.q(h), self.heads), cosines, sines)
        k = rotate(split(self.k(h), self.kv_heads), cosines, sines)
        v = split(self.v(h), self.kv_heads)
        group = self.heads // self.kv_heads
        if group > 1:
            k, v = k.repeat_interleave(group, 1), v.repeat_interleave(group, 1)
        weights = torch.softmax(q @ k.transpose(-1, -2) * self.head_size**-0.5 + mask, -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(batch, tokens, width))
        h = self.ffn_norm(x)
        return x + self.down(F.silu(self.gate(h)) * self.up(h))


class Llama(nn.Module):
    def __init__(self, size):
        super().__init__()
        width, tokens = size["embedding"], size["sequence"]
        self.embedding = nn.Embedding(VOCAB, width)
        self.blocks = nn.ModuleList(Block(size) for _ in range(size["layers"]))
        self.norm = RmsNorm(width)
        for parameter in self.parameters():
            if parameter.dim() == 2:
                nn.init.normal_(parameter, std=0.02)
        head_size = width // size["heads"]
        angles = torch.arange(tokens)[:, None] * 10_000.0 ** (-torch.arange(0, head_size, 2) / head_size)
        self.cosines, self.sines = angles.cos(), angles.sin()
        self.mask = torch.full((tokens, tokens), float("-inf")).triu(1)

    def forward(self, ids, targets):
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, self.cosines, self.sines, self.mask)
        logits = self.norm(x) @ self.embedding.weight.t()
        return F.cross_entropy(logits.view(-1, VOCAB), targets.view(-1))


def main(sizes_file, name, threads):
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(sizes_file) as file:
        size = json.load(file)[name]
    model = Llama(size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.1)
    seconds = []
    for step in range(-WARM_UPS, size["steps"]):
        ids = torch.randint(VOCAB, (size["batch"], size["sequence"]))
        targets = torch.roll(ids.flatten(), -1).view_as(ids)
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model(ids, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step >= 0:
            seconds.append(time.perf_counter() - start)
    median = sorted(seconds)[len(seconds) // 2]
    print(json.dumps({
        "size": name, "parameters": sum(p.numel() for p in model.parameters()), "tokensPerSecond": round(size["batch"] * size["sequence"] / median, 1),
        "peakMegabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000, "loss": loss.item(), "torch": torch.__version__}))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
