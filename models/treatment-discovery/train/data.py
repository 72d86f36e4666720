"""What rows.mjs wrote."""
import json
import subprocess
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent


def make(data, release, question, out, held_out=None, of=5, by="pair"):
    more = [] if held_out is None else ["--held-out", str(held_out), "--of", str(of), "--by", by]
    subprocess.run(["node", HERE / "rows.mjs", data, release, question, out, *more],
                   check=True, stderr=subprocess.DEVNULL)
    return Rows(Path(out))


class Rows:
    def __init__(self, folder):
        self.said = json.loads((folder / "rows.json").read_text())
        self.columns = self.said["columns"]
        width = len(self.columns)
        self.X = np.fromfile(folder / "train.f32", dtype=np.float32).reshape(-1, width)
        self.y = np.array(self.said["labels"])
        self.shape = (len(self.said["diseases"]), self.said["starts"])
        ranked = folder / "ranked.f32"
        self.ranked = (np.memmap(ranked, dtype=np.float32, mode="r").reshape(-1, width)
                       if ranked.exists() else None)

    def mask(self, which):
        mask = np.zeros(self.shape, bool)
        for disease, start in self.said[which]:
            mask[disease, start] = True
        return mask

    def places(self, columns):
        return [self.columns.index(name) for name in columns]
