"""Exercise 4's training step in PyTorch or NumPy, the same formulas by hand, for `deno task bench --peers`.

    python3 tests/tasks/peers/step.py torch|numpy BATCH HIDDEN SECONDS
    python3 tests/tasks/peers/step.py torch|numpy version

Prints microseconds per step: the median over as many blocks of steps as fit the time. One thread; float32; eager.
With "version", which one it is, and whose matrix products it uses: the reference BLAS is many times slower than OpenBLAS.
"""
import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
import numpy as np

if sys.argv[2] == "version":
    name, library = "NumPy", np
    if sys.argv[1] == "torch":
        import torch as library

        name = "PyTorch"
    with open("/proc/self/maps") as maps:
        files = sorted({os.path.basename(line.split()[-1]) for line in maps if "blas" in line or "mkl_core" in line})
    sys.exit(print(f"{name} {library.__version__} ({', '.join(files)})"))
library, batch, hidden, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])

rng = np.random.default_rng(0)
f32 = lambda *shape: rng.standard_normal(shape, dtype=np.float32)
params = [f32(27, 10), f32(30, hidden) * np.float32(0.3), f32(hidden) * np.float32(0.1), f32(hidden, 27) * np.float32(0.1),
          f32(27) * np.float32(0.1), np.full((1, hidden), 1.1, np.float32), np.zeros((1, hidden), np.float32)]
X, Y = rng.integers(0, 27, (182625, 3)), rng.integers(0, 27, 182625)
lr = 0.1

if library == "torch":
    import torch
    import torch.nn.functional as F

    torch.set_num_threads(1)
    C, w1, b1, w2, b2, bngain, bnbias = params = [torch.from_numpy(p) for p in params]
    X, Y = torch.from_numpy(X), torch.from_numpy(Y)

    @torch.no_grad()
    def step():
        ix = torch.randint(0, X.shape[0], (batch,))
        xb, yb = X[ix], Y[ix]
        emb = C[xb]
        embcat = emb.view(batch, -1)
        hprebn = embcat @ w1 + b1
        bnmean = hprebn.mean(0, keepdim=True)
        bnvar = hprebn.var(0, keepdim=True)
        bnvar_inv = (bnvar + 1e-5) ** -0.5
        bnraw = (hprebn - bnmean) * bnvar_inv
        hpreact = bngain * bnraw + bnbias
        h = torch.tanh(hpreact)
        logits = h @ w2 + b2
        loss = F.cross_entropy(logits, yb)
        dlogits = F.softmax(logits, 1)
        dlogits[range(batch), yb] -= 1
        dlogits /= batch
        dh = dlogits @ w2.T
        dw2 = h.T @ dlogits
        db2 = dlogits.sum(0)
        dhpreact = (1.0 - h**2) * dh
        dbngain = (bnraw * dhpreact).sum(0, keepdim=True)
        dbnbias = dhpreact.sum(0, keepdim=True)
        dhprebn = bngain * bnvar_inv / batch * (
            batch * dhpreact - dhpreact.sum(0) - batch / (batch - 1) * bnraw * (dhpreact * bnraw).sum(0))
        dembcat = dhprebn @ w1.T
        dw1 = embcat.T @ dhprebn
        db1 = dhprebn.sum(0)
        dC = torch.zeros_like(C)
        dC.index_add_(0, xb.flatten(), dembcat.view(-1, 10))
        for p, grad in zip(params, [dC, dw1, db1, dw2, db2, dbngain, dbnbias]):
            p += -lr * grad
        return loss.item()
else:
    C, w1, b1, w2, b2, bngain, bnbias = params
    rows = np.arange(batch)

    def step():
        ix = rng.integers(0, X.shape[0], batch)
        xb, yb = X[ix], Y[ix]
        embcat = C[xb].reshape(batch, -1)
        hprebn = embcat @ w1 + b1
        bnvar_inv = (hprebn.var(0, ddof=1, keepdims=True) + np.float32(1e-5)) ** np.float32(-0.5)
        bnraw = (hprebn - hprebn.mean(0, keepdims=True)) * bnvar_inv
        h = np.tanh(bngain * bnraw + bnbias)
        logits = h @ w2 + b2
        counts = np.exp(logits - logits.max(1, keepdims=True))
        dlogits = counts / counts.sum(1, keepdims=True)
        loss = -np.log(dlogits[rows, yb]).mean()
        dlogits[rows, yb] -= 1
        dlogits /= batch
        dhpreact = (1 - h * h) * (dlogits @ w2.T)
        dw2, db2 = h.T @ dlogits, dlogits.sum(0)
        dbngain, dbnbias = (bnraw * dhpreact).sum(0, keepdims=True), dhpreact.sum(0, keepdims=True)
        dhprebn = bngain * bnvar_inv / batch * (
            batch * dhpreact - dbnbias - np.float32(batch / (batch - 1)) * bnraw * dbngain)
        dw1, db1 = embcat.T @ dhprebn, dhprebn.sum(0)
        dC = np.zeros_like(C)
        np.add.at(dC, xb.ravel(), (dhprebn @ w1.T).reshape(-1, 10))
        for p, grad in zip(params, [dC, dw1, db1, dw2, db2, dbngain, dbnbias]):
            p -= np.float32(lr) * grad
        return float(loss)

times, end = [], time.process_time() + seconds
for _ in range(20):
    step()
while time.process_time() < end or len(times) < 3:
    start = time.process_time()
    for _ in range(20):
        step()
    times.append((time.process_time() - start) / 20 * 1e6)
print(sorted(times)[len(times) // 2])
