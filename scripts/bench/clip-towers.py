"""Times the two towers of CLIP ViT-H/14 in PyTorch, float32, for `npm run bench -- networks --python python3`: prints seconds an image (batch 4, a text of 20 tokens), a line a round. SF-IQA's quality branch is left out, in PyTorch's favour."""
import sys
import time

import torch
from torch.nn import Conv2d, Embedding, LayerNorm, Linear, Module, ModuleList
from torch.nn.functional import gelu

BATCH = 4


class Block(Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norms = ModuleList(LayerNorm(width) for _ in range(2))
        self.q, self.k, self.v, self.out = (Linear(width, width) for _ in range(4))
        self.wide, self.narrow = Linear(width, 4 * width), Linear(4 * width, width)

    def forward(self, x, mask):
        batch, tokens, width = x.shape
        normed = self.norms[0](x)
        q, k, v = (
            part(normed).view(batch, tokens, self.heads, -1).transpose(1, 2) for part in (self.q, self.k, self.v)
        )
        logits = q @ k.transpose(-1, -2) * (width // self.heads) ** -0.5
        shares = torch.softmax(logits if mask is None else logits + mask, -1)
        x = x + self.out((shares @ v).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.narrow(gelu(self.wide(self.norms[1](x))))


class Tower(Module):
    def __init__(self, embed, positions, width, heads, depth):
        super().__init__()
        self.embed = embed
        self.positions = torch.nn.Parameter(torch.randn(positions, width) * 0.01)
        self.blocks = ModuleList(Block(width, heads) for _ in range(depth))
        self.projection = Linear(width, 1024, bias=False)

    def forward(self, x, mask=None):
        x = self.embed(x)
        if x.dim() == 4:
            x = x.flatten(2).transpose(1, 2)
            x = torch.cat([x[:, :1], x], 1)
        x = x + self.positions[: x.shape[1]]
        for block in self.blocks:
            x = block(x, mask)
        return self.projection(x[:, 0])


torch.set_num_threads(int(sys.argv[1]))
vision = Tower(Conv2d(3, 1280, 14, stride=14, bias=False), 257, 1280, 16, 32).eval()
text = Tower(Embedding(49408, 1024), 77, 1024, 16, 24).eval()
pixels = torch.randn(BATCH, 3, 224, 224)
ids = torch.randint(0, 49408, (BATCH, 20))
mask = torch.full((20, 20), float("-inf")).triu(1)
with torch.inference_mode():
    for _ in range(int(sys.argv[2])):
        started = time.perf_counter()
        vision(pixels)
        text(ids, mask)
        print((time.perf_counter() - started) / BATCH, flush=True)
