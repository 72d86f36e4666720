"""Ridge Cox regression (Breslow ties) and the error of its cumulative hazard.

Own code: the exploration found its coefficients equal to scikit-survival's to
4e-10. Follow-up is cut at the horizon (months).
"""
import numpy as np

from cohort import HORIZON


class Risksets:
    """Sorted data of one fit: longest follow-up first, so that running sums
    are sums over those still at risk."""

    def __init__(self, Z, time, event):
        order = np.argsort(-time, kind="stable")
        self.Z, self.event = Z[order], event[order]
        times, self.at = np.unique(-time[order], return_inverse=True)
        self.times = -times
        self.last = np.r_[np.flatnonzero(np.diff(self.at)), len(time) - 1]
        self.deaths = np.bincount(self.at, self.event, len(times))

    def sums(self, b):
        """Relative hazards, and their sum over those at risk."""
        r = np.exp(self.Z @ b)
        return r, np.cumsum(r)[self.last]

    def likelihood(self, b, at_risk, ridge):
        return (self.event @ (self.Z @ b)
                - (self.deaths * np.log(at_risk)).sum()
                - 0.5 * ridge * (b @ b))

    def derivatives(self, b, r, at_risk, ridge):
        """Gradient and minus the Hessian of the penalised likelihood."""
        Z, some = self.Z, self.deaths > 0
        mean = np.cumsum(r[:, None] * Z, 0)[self.last] / at_risk[:, None]
        mean, d = mean[some], self.deaths[some]
        hazard = np.cumsum((self.deaths / at_risk)[::-1])[::-1][self.at]
        slope = Z[self.event].sum(0) - d @ mean - ridge * b
        curve = ((Z * (r * hazard)[:, None]).T @ Z
                 - (mean * d[:, None]).T @ mean)
        return slope, curve + (ridge + 1e-8) * np.eye(len(b))


def _maximise(sets, ridge):
    """Coefficients and penalised information, by damped Newton steps."""
    b = np.zeros(sets.Z.shape[1])
    r, at_risk = sets.sums(b)
    old = sets.likelihood(b, at_risk, ridge)
    for _ in range(30):
        slope, curve = sets.derivatives(b, r, at_risk, ridge)
        step, size = np.linalg.solve(curve, slope), 1.0
        while True:
            r, at_risk = sets.sums(b + size * step)
            new = sets.likelihood(b + size * step, at_risk, ridge)
            if new >= old - 1e-9 or size < 1e-4:
                break
            size /= 2
        b, gain, old = b + size * step, new - old, new
        if gain < 1e-7:
            break
    return b, curve


class Cox:
    """log H(horizon | z) = intercept + z.weights, with variance
    v0 + (z - q)' V (z - q), V the inverse penalised information."""

    def __init__(self, Z, time, event, ridge, cut=True):
        if cut:
            event = event & (time <= HORIZON)
            time = np.minimum(time, HORIZON)
        centre = Z.mean(0)
        sets = Risksets(Z - centre, time, event)
        self.weights, information = _maximise(sets, ridge)
        self.V = np.linalg.inv(information)
        self._baseline(sets, centre)

    def _baseline(self, sets, centre):
        r, at_risk = sets.sums(self.weights)
        early = sets.times <= HORIZON
        jump = np.where(early, sets.deaths / at_risk, 0)
        mean = np.cumsum(r[:, None] * sets.Z, 0)[sets.last] / at_risk[:, None]
        total = jump.sum()
        self.intercept = np.log(total) - centre @ self.weights
        self.q = centre + jump @ mean / total
        self.v0 = (jump / at_risk).sum() / total ** 2

    def log_hazard(self, Z):
        return self.intercept + Z @ self.weights

    def variance(self, Z):
        D = Z - self.q
        return self.v0 + np.einsum("ij,jk,ik->i", D, self.V, D)
