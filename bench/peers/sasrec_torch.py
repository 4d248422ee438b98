"""SASRec in PyTorch: the independent reference for `rodpo pretrain`.

Same shape, loss, split, selection and evaluation as the pipeline's ID-only encoder:
post-LN causal Transformer (GELU, learned positions counted from the oldest item, tied item
embeddings), full-softmax cross-entropy on every position, Adam, best validation NDCG@10,
full ranking without history masking, ties counted against the target.

    pip install -r requirements.txt
    python sasrec_torch.py SEQUENCES --seed 1 --threads 2 > seed-1.jsonl

Prints one JSON object per epoch and a last one with the test figures of the chosen epoch.
"""

import argparse
import copy
import json
import math
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("sequences")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--patience", type=int, default=10)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--length", type=int, default=50)
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    return parser.parse_args()


def attention(q, k, v, dropout):
    """Causal. PyTorch 1.13 has no fused form."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=dropout)
    length = q.shape[-2]
    mask = torch.full((length, length), -math.inf).triu(1)
    scores = torch.matmul(q / math.sqrt(q.shape[-1]), k.transpose(-1, -2)) + mask
    return torch.matmul(F.dropout(scores.softmax(-1), dropout), v)


class Block(nn.Module):
    def __init__(self, dimension, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.qkv = nn.Linear(dimension, 3 * dimension)
        self.out = nn.Linear(dimension, dimension)
        self.up = nn.Linear(dimension, 4 * dimension)
        self.down = nn.Linear(4 * dimension, dimension)
        self.norm1 = nn.LayerNorm(dimension, eps=1e-12)
        self.norm2 = nn.LayerNorm(dimension, eps=1e-12)

    def drop(self, x):
        return F.dropout(x, self.dropout, self.training)

    def forward(self, x):
        batch, length, dimension = x.shape
        shape = (batch, length, 3, self.heads, dimension // self.heads)
        q, k, v = self.qkv(x).view(shape).permute(2, 0, 3, 1, 4)
        # Sequences are padded on the right, so the causal mask already hides the padding.
        mixed = attention(q, k, v, self.dropout if self.training else 0.0)
        mixed = mixed.transpose(1, 2).reshape(batch, length, dimension)
        x = self.norm1(x + self.drop(self.out(mixed)))
        return self.norm2(x + self.drop(self.down(F.gelu(self.up(x)))))


class SASRec(nn.Module):
    def __init__(self, items, options):
        super().__init__()
        self.dropout = options.dropout
        self.items = nn.Embedding(items, options.dimension)
        self.positions = nn.Embedding(options.length, options.dimension)
        self.norm = nn.LayerNorm(options.dimension, eps=1e-12)
        self.blocks = nn.ModuleList(
            Block(options.dimension, options.heads, options.dropout) for _ in range(options.blocks)
        )
        for module in self.modules():
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, std=0.02)
            if isinstance(module, nn.Linear):
                nn.init.zeros_(module.bias)

    def forward(self, sequences):
        x = self.items(sequences) + self.positions.weight[: sequences.shape[1]]
        x = F.dropout(self.norm(x), self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        return x


def pad(sequences):
    longest = max(map(len, sequences))
    rows = np.zeros((len(sequences), longest), dtype=np.int64)
    for row, sequence in zip(rows, sequences):
        row[: len(sequence)] = sequence
    return torch.from_numpy(rows)


@torch.no_grad()
def ranks(model, histories, targets, length):
    model.eval()
    found = []
    for start in range(0, len(histories), 512):
        cut = [h[-length:] for h in histories[start : start + 512]]
        hidden = model(pad(cut))[torch.arange(len(cut)), torch.tensor([len(h) - 1 for h in cut])]
        scores = hidden @ model.items.weight.T
        goal = scores.gather(1, torch.tensor(targets[start : start + 512])[:, None])
        found.append((scores >= goal).sum(1))
    return torch.cat(found).double()


def metrics(rank):
    figures = {}
    for cutoff in (5, 10, 20):
        hit = (rank <= cutoff).double()
        figures[f"hit@{cutoff}"] = hit.mean().item()
        figures[f"ndcg@{cutoff}"] = (hit / torch.log2(rank + 1)).mean().item()
        figures[f"mrr@{cutoff}"] = (hit / rank).mean().item()
    return figures


def read_sequences(path):
    """Item ids start at 1 in the file; index 0 is the first item."""
    with open(path) as file:
        return [[int(i) - 1 for i in line.split()[1:]] for line in file]


def training_part(users, length):
    return [user[:-2][-length - 1 :] for user in users]


def train_epoch(model, optimizer, train, batch_size, permuted):
    """Cross-entropy at every position of every sequence; its mean over the epoch."""
    model.train()
    total, count = 0.0, 0
    for start in range(0, len(permuted), batch_size):
        batch = [train[user] for user in permuted[start : start + batch_size]]
        batch = [sequence for sequence in batch if len(sequence) > 1]
        inputs = pad([sequence[:-1] for sequence in batch])
        targets = torch.cat([torch.tensor(sequence[1:]) for sequence in batch])
        lengths = torch.tensor([len(sequence) - 1 for sequence in batch])
        real = torch.arange(inputs.shape[1])[None, :] < lengths[:, None]
        # Only real positions reach the softmax, in the same row-major order as the targets.
        logits = model(inputs)[real] @ model.items.weight.T
        loss = F.cross_entropy(logits, targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        total, count = total + loss.item() * len(targets), count + len(targets)
    return total / count


def fit(model, users, options, epoch_figures):
    """Trains until validation NDCG@10 stops improving; leaves the best weights in the model."""
    best, best_epoch, best_state = -math.inf, 0, None
    for epoch in range(1, options.epochs + 1):
        started = time.time()
        figures = epoch_figures()
        seconds = time.time() - started
        valid = metrics(ranks(model, [u[:-2] for u in users], [u[-2] for u in users], options.length))
        row = {"epoch": epoch, **figures, "seconds": seconds, **valid}
        print(json.dumps(row), flush=True)
        if valid["ndcg@10"] > best:
            best, best_epoch, best_state = valid["ndcg@10"], epoch, copy.deepcopy(model.state_dict())
        if epoch - best_epoch >= options.patience:
            break
    model.load_state_dict(best_state)
    return best_epoch, best


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    order = np.random.default_rng(options.seed)
    users = read_sequences(options.sequences)
    items = max(max(user) for user in users) + 1
    train = training_part(users, options.length)

    model = SASRec(items, options)
    optimizer = torch.optim.Adam(model.parameters(), options.learning_rate)
    def epoch_figures():
        permuted = order.permutation(len(train))
        return {"loss": train_epoch(model, optimizer, train, options.batch, permuted)}

    best_epoch, _ = fit(model, users, options, epoch_figures)
    valid = metrics(ranks(model, [u[:-2] for u in users], [u[-2] for u in users], options.length))
    test = metrics(ranks(model, [u[:-1] for u in users], [u[-1] for u in users], options.length))
    print(json.dumps({"best_epoch": best_epoch, "validation": valid, "test": test}))


if __name__ == "__main__":
    main()
