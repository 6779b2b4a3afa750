"""numpy's eigenvalues and principal axes of small matrices: python3 tests/node/eigen.py > tests/node/eigen.json"""
import json
import numpy as np

rng = np.random.default_rng(1)
matrices = [rng.normal(size=(n, n)) * scale for n, scale in ((2, 1), (5, 0.3), (16, 0.4), (33, 0.1))]
points = rng.normal(size=(40, 6)) @ np.diag([3, 2, 1, 0.5, 0.2, 0.1]) @ np.linalg.qr(rng.normal(size=(6, 6)))[0]
centred = points - points.mean(0)
_, singular, axes = np.linalg.svd(centred, full_matrices=False)
print(json.dumps({
    "matrices": [{"rows": m.tolist(), "magnitudes": sorted(np.abs(np.linalg.eigvals(m)).tolist())} for m in matrices],
    "pca": {"points": points.tolist(), "axes": axes[:2].tolist(), "share": (singular**2 / (singular**2).sum())[:2].tolist()},
}))
