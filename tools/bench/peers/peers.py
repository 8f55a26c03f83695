"""The peers of `npm run bench -- stats`: statsmodels, scipy and pandas over the series of the file that is named.

Each line of the input asks for one thing, and is answered by one line of JSON:
{"peer": NAME} for the numbers of one pass, {"peer": NAME, "ms": N} for passes during N ms of processor time.
"""

import json
import math
import platform
import sys
import time
import warnings

import numpy as np
import pandas as pd
import scipy
import statsmodels
import statsmodels.api as sm
from scipy.stats import theilslopes
from statsmodels.regression.rolling import RollingOLS
from statsmodels.tsa.stattools import adfuller, coint, kpss
from statsmodels.tsa.vector_ar.vecm import coint_johansen

# statsmodels has its warnings shown whatever the command line says, and showing them takes time.
warnings.simplefilter("ignore")

with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)

y, x, spread = (np.array(given[name]) for name in ("y", "x", "spread"))
y_returns, x_returns = (np.array(given[name]) for name in ("yReturns", "xReturns"))
window, long, starts = given["window"], given["long"], given["starts"]
model, state = given["kalman"]["model"], given["kalman"]["state"]
# A program that rolls has its prices as pandas wants them, and one that loops has them as plain numbers.
# Counted from the first bar: of whole prices rolling sums lose the digits that alpha needs.
y_series, x_series = pd.Series(y - y[0]), pd.Series(x - x[0])
y_return_series, x_return_series = pd.Series(y_returns), pd.Series(x_returns)
y_list, x_list = y.tolist(), x.tolist()
y_from_first, x_from_first = y - y[0], sm.add_constant(x - x[0])


def pandas_rolling():
    """Every bar at once: alpha, beta, spread, z, correlation of the prices and of the returns."""
    of_y, of_x = y_series.rolling(window), x_series.rolling(window)
    y_mean, x_mean, y_variance, x_variance = of_y.mean(), of_x.mean(), of_y.var(), of_x.var()
    covariance = of_y.cov(x_series)
    beta = covariance / x_variance
    residual = y_series - y_mean - beta * (x_series - x_mean)
    z = residual / np.sqrt(y_variance - beta * covariance)
    correlation = covariance / np.sqrt(y_variance * x_variance)
    of_returns = y_return_series.rolling(window - 1).corr(x_return_series)
    alpha = y_mean + y[0] - beta * (x_mean + x[0])
    columns = (alpha, beta, residual, z, correlation, of_returns)
    return [column.to_numpy()[window - 1 :] for column in columns]


def pandas_z():
    """Every bar at once: mean, deviation and z of one series."""
    rolling = y_series.rolling(window)
    mean, deviation = rolling.mean(), rolling.std()
    columns = (mean + y[0], deviation, (y_series - mean) / deviation)
    return [column.to_numpy()[window - 1 :] for column in columns]


def pandas_correlation():
    return [y_return_series.rolling(window).corr(x_return_series).to_numpy()[window - 1 :]]


def rolling_ols():
    """Every bar, coefficients only."""
    level, beta = RollingOLS(y_from_first, x_from_first, window).fit(params_only=True).params[window - 1 :].T
    return [level + y[0] - beta * x[0], beta]


def ols():
    """Window by window, as a program does it that keeps no state."""
    answers = []
    for start in starts:
        here, returns = slice(start, start + window), slice(start + 1, start + window)
        fit = sm.OLS(y[here], sm.add_constant(x[here])).fit()
        alpha, beta = fit.params
        residuals = fit.resid
        correlation = np.corrcoef(y[here], x[here])[0, 1]
        of_returns = np.corrcoef(y_returns[returns], x_returns[returns])[0, 1]
        answers.append((alpha, beta, residuals[-1], residuals[-1] / residuals.std(ddof=1), correlation, of_returns))
    return answers


def adf(length):
    return [adfuller(spread[start : start + length])[:3] for start in starts]


def stationarity():
    return [kpss(spread[start : start + window], nlags="auto")[:3] for start in starts]


def engle_granger_both():
    answers = []
    for start in starts:
        one, other = y[start : start + window], x[start : start + window]
        answers.append((*coint(one, other)[:2], *coint(other, one)[:2]))
    return answers


def johansen():
    answers = []
    for start in starts:
        here = slice(start, start + window)
        found = coint_johansen(np.column_stack([y[here], x[here]]), 0, 1)
        answers.append((*found.eig, *found.lr1, *found.lr2))
    return answers


def theil_sen():
    return [theilslopes(y[start : start + window], x[start : start + window])[:2] for start in starts]


def huber():
    answers = []
    for start in starts:
        here = slice(start, start + window)
        fit = sm.RLM(y[here], sm.add_constant(x[here]), M=sm.robust.norms.HuberT()).fit()
        answers.append((*fit.params, *fit.bse, fit.scale))
    return answers


def kalman():
    """The filter of a hedge that drifts, on plain floats, the fastest that Python itself has."""
    beta, level = state["beta"], state["level"]
    p_beta = state["pBeta"]
    p_both = state["levelPerBeta"] * p_beta
    p_level = state["pLevelGivenBeta"] + state["levelPerBeta"] * p_both
    q_beta, q_both, q_level, r = model["qBeta"], model["qBetaLevel"], model["qLevel"], model["r"]
    centre, in_sample = model["centre"], model["inSample"]
    sqrt, log, log_two_pi = math.sqrt, math.log, math.log(2 * math.pi)
    scores = []
    likelihood = 0.0
    for row, (one, other) in enumerate(zip(y_list, x_list)):
        if row > 0:
            p_beta += q_beta
            p_both += q_both
            p_level += q_level
        h = other - centre
        error = one - h * beta - level
        gain_beta = p_beta * h + p_both
        gain_level = p_both * h + p_level
        variance = gain_beta * h + gain_level + r
        k_beta, k_level = gain_beta / variance, gain_level / variance
        beta += k_beta * error
        level += k_level * error
        p_beta -= k_beta * gain_beta
        p_both -= k_beta * gain_level
        p_level -= k_level * gain_level
        z = error / sqrt(variance)
        scores.append(z)
        if row >= in_sample:
            likelihood -= (log_two_pi + log(variance) + z * z) / 2
    return [scores, (beta, level, likelihood)]


peers = {
    "pandas rolling": pandas_rolling,
    "pandas z": pandas_z,
    "pandas correlation": pandas_correlation,
    "RollingOLS": rolling_ols,
    "OLS": ols,
    "adfuller": lambda: adf(window),
    "adfuller long": lambda: adf(long),
    "kpss": stationarity,
    "coint": engle_granger_both,
    "coint_johansen": johansen,
    "theilslopes": theil_sen,
    "RLM": huber,
    "loop": kalman,
}


def numbers(name):
    return {"numbers": np.concatenate([np.ravel(part) for part in peers[name]()]).tolist()}


def timed(name, ms):
    run = peers[name]
    passes = 0
    began = time.process_time()
    elapsed = 0.0
    while elapsed * 1000 < ms:
        run()
        passes += 1
        elapsed = time.process_time() - began
    return {"passes": passes, "seconds": elapsed}


def say(answer):
    print(json.dumps(answer), flush=True)


say(
    {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "pandas": pd.__version__,
        "statsmodels": statsmodels.__version__,
    }
)
for line in sys.stdin:
    asked = json.loads(line)
    say(timed(asked["peer"], asked["ms"]) if "ms" in asked else numbers(asked["peer"]))
