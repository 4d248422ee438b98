"""gSASRec's loss on SASRec in PyTorch: why pretraining by many drawn negatives stands still at first.

The model, split, selection and ranking of `sasrec_torch.py`, trained by generalised binary
cross-entropy (Petrov & Macdonald, RecSys 2023) as the authors publish it: the chosen item's score s
becomes log(1 / (sigmoid(s)^-beta - 1)) in float64, with
beta = alpha ((1 - 1/alpha) t + 1/alpha), and plain binary cross-entropy follows, averaged over
1 + negatives. Every option changes one thing.

    pip install -r requirements.txt
    python gbce_torch.py SEQUENCES --negatives 128
    python gbce_torch.py SEQUENCES --negatives 128 --prior

Prints one JSON object per epoch, with what the scores look like, and a last one with the test
figures of the chosen epoch.
"""

import argparse
import json
import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from sasrec_torch import SASRec, fit, metrics, pad, ranks, read_sequences, training_part


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("sequences")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--patience", type=int, default=15)
    parser.add_argument("--users", type=int, help="only so many, the first of the file")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--length", type=int, default=50)
    parser.add_argument("--dimension", type=int, default=64)
    parser.add_argument("--blocks", type=int, default=2)
    parser.add_argument("--heads", type=int, default=2)
    parser.add_argument("--dropout", type=float, default=0.4)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--second-moment", type=float, default=0.999, help="Adam's beta 2")
    parser.add_argument("--warm-up", type=int, default=0, help="steps of a rising learning rate")
    parser.add_argument("--negatives", type=int, default=128)
    parser.add_argument("--calibration", type=float, default=0.75)
    parser.add_argument("--known", action="store_true", help="draw the user's own items, too")
    parser.add_argument("--item-deviation", type=float, default=0.02, help="of initial item vectors")
    parser.add_argument("--untied", action="store_true", help="other item vectors are read than scored")
    parser.add_argument("--prior", action="store_true", help="add log(beta / negatives) to every score")
    return parser.parse_args()


class Untied(SASRec):
    """What is read has vectors of its own, apart from those that are scored."""

    def __init__(self, items, options):
        super().__init__(items, options)
        self.read = nn.Embedding(items, options.dimension)
        nn.init.normal_(self.read.weight, std=0.02)

    def forward(self, sequences):
        x = self.read(sequences) + self.positions.weight[: sequences.shape[1]]
        x = F.dropout(self.norm(x), self.dropout, self.training)
        for block in self.blocks:
            x = block(x)
        return x


def published_gbce(chosen, rejected, alpha, t):
    """The authors' formulation, in float64 as theirs: `[n]`."""
    beta = alpha * ((1 - 1 / alpha) * t + 1 / alpha)
    power = torch.sigmoid(chosen.double()).clamp(1e-10, 1 - 1e-10).pow(-beta)
    transformed = torch.log(1 / (power - 1).clamp(1e-10))
    logits = torch.cat([transformed[:, None], rejected.double()], 1)
    truth = torch.zeros_like(logits)
    truth[:, 0] = 1
    return F.binary_cross_entropy_with_logits(logits, truth, reduction="none").mean(1)


def draw(owners, known, items, count, generator):
    """Uniform over the catalogue, drawn again where it is one of the user's own: `[tokens, count]`."""
    drawn = torch.randint(items, (len(owners), count), generator=generator)
    while known is not None:
        wrong = torch.isin(owners[:, None] * items + drawn, known)
        if not wrong.any():
            break
        drawn[wrong] = torch.randint(items, (int(wrong.sum()),), generator=generator)
    return drawn


class Figures:
    """Means over the tokens of an epoch."""

    def __init__(self):
        self.count, self.sums = 0, {}

    def add(self, count, **values):
        self.count += count
        for name, value in values.items():
            self.sums[name] = self.sums.get(name, 0.0) + count * float(value)

    def means(self):
        return {name: value / self.count for name, value in self.sums.items()}


def sameness(hidden):
    """|mean of h|^2 / mean of |h|^2: 1 when every history is read alike."""
    return (hidden.mean(0).square().sum() / hidden.square().sum(1).mean()).item()


def train_epoch(model, optimizer, schedule, train, permuted, options, generator):
    items = model.items.num_embeddings
    alpha, t = options.negatives / (items - 1), options.calibration
    offset = math.log((alpha * t - t + 1) / options.negatives) if options.prior else 0.0
    model.train()
    figures = Figures()
    for start in range(0, len(permuted), options.batch):
        users = [user for user in permuted[start : start + options.batch] if len(train[user]) > 1]
        batch = [train[user] for user in users]
        inputs = pad([sequence[:-1] for sequence in batch])
        targets = torch.cat([torch.tensor(sequence[1:]) for sequence in batch])
        lengths = torch.tensor([len(sequence) - 1 for sequence in batch])
        real = torch.arange(inputs.shape[1])[None, :] < lengths[:, None]
        owners = torch.arange(len(batch)).repeat_interleave(lengths)
        known = None if options.known else torch.cat(
            [row * items + torch.tensor(own) for row, own in enumerate(batch)]
        )
        drawn = draw(owners, known, items, options.negatives, generator)
        hidden = model(inputs)[real]
        chosen = (hidden * model.items(targets)).sum(-1) + offset
        rejected = torch.bmm(model.items(drawn), hidden[:, :, None])[:, :, 0] + offset
        loss = published_gbce(chosen, rejected, alpha, t).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        figures.add(
            len(targets),
            loss=loss.item(),
            chosen=chosen.mean().item(),
            rejected=rejected.mean().item(),
            sameness=sameness(hidden.detach()),
        )
    return figures.means()


def main():
    options = arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    order = np.random.default_rng(options.seed)
    generator = torch.Generator().manual_seed(options.seed)
    users = read_sequences(options.sequences)[: options.users]
    items = max(max(user) for user in users) + 1
    train = training_part(users, options.length)

    model = (Untied if options.untied else SASRec)(items, options)
    nn.init.normal_(model.items.weight, std=options.item_deviation)
    optimizer = torch.optim.Adam(
        model.parameters(), options.learning_rate, betas=(0.9, options.second_moment)
    )
    rise = lambda step: min(1.0, (step + 1) / options.warm_up) if options.warm_up else 1.0
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rise)

    def epoch_figures():
        permuted = order.permutation(len(train))
        return train_epoch(model, optimizer, schedule, train, permuted, options, generator)

    best_epoch, best = fit(model, users, options, epoch_figures)
    test = metrics(ranks(model, [u[:-1] for u in users], [u[-1] for u in users], options.length))
    print(json.dumps({"best_epoch": best_epoch, "validation ndcg@10": best, "test": test}))


if __name__ == "__main__":
    main()
