"""Event files by TensorBoard's own writer, and what its own reader makes of them.

    python bench/peers/tensorboard_events.py > packages/trainer/test/golden/tensorboard.json
    python bench/peers/tensorboard_events.py FOLDER    # what the reader makes of another folder

Needs tensorboard==2.21.0. The test of packages/trainer writes the same two files, byte for byte: a
training that logs five steps, is killed, and goes on after step 2, where it had been saved.
"""

import json
import sys
import tempfile
from pathlib import Path

from importlib.metadata import version

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

# Milliseconds since 1970 at which each file is begun; every event comes 250 later.
FILES = [1_800_000_000_000, 1_800_000_100_500]
PURGE_AFTER = [0, 2]
ENTRIES = [
    [(step, {"step/loss": 1 / step, "step/größe ✓": -step / 3}) for step in range(1, 6)],
    [
        (3, {"step/loss": 33.25, "step/größe ✓": float("nan")}),
        (2**40, {"epoch/loss": float("inf"), "epoch/validation": 0.0, "tag " * 60: 1e-45}),
    ],
]


def write(path, begun, purge_after, entries):
    time = begun

    def event(**content):
        nonlocal time
        time += 250
        return event_pb2.Event(wall_time=time / 1000, **content)

    start = event_pb2.SessionLog(status=event_pb2.SessionLog.START)
    events = [event(file_version="brain.Event:2"), event(step=purge_after + 1, session_log=start)]
    for step, figures in entries:
        values = [summary_pb2.Summary.Value(tag=t, simple_value=v) for t, v in figures.items()]
        events.append(event(step=step, summary=summary_pb2.Summary(value=values)))
    with path.open("wb") as file:
        writer = RecordWriter(file)
        for each in events:
            writer.write(each.SerializeToString())


def read(folder):
    accumulator = event_accumulator.EventAccumulator(str(folder), size_guidance={"scalars": 0})
    accumulator.Reload()
    return {
        tag: [[s.step, str(s.value), s.wall_time] for s in accumulator.Scalars(tag)]
        for tag in accumulator.Tags()["scalars"]
    }


if len(sys.argv) > 1:
    print(json.dumps(read(sys.argv[1]), indent=2, ensure_ascii=False))
    sys.exit()

with tempfile.TemporaryDirectory() as name:
    folder = Path(name)
    for begun, purge_after, entries in zip(FILES, PURGE_AFTER, ENTRIES):
        write(folder / f"events.out.tfevents.{begun // 1000}.golden", begun, purge_after, entries)
    files = [path.read_bytes().hex() for path in sorted(folder.iterdir())]
    readings = read(folder)

json.dump(
    {
        "source": f"tensorboard {version('tensorboard')}: python bench/peers/tensorboard_events.py "
        "> packages/trainer/test/golden/tensorboard.json",
        "files": files,
        "readings": readings,
    },
    sys.stdout,
)
