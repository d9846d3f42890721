"""Fits and predictions of lifetime value: by patron, by lifetimes, and by pymc-marketing where it is installed.

    ./run bench ltv                              # some fifteen minutes, nearly all of them those of lifetimes
    ./run bench ltv --rows 1e5 --tasks bg_nbd,mbg_nbd
    .venv/bench/bin/pip install pymc-marketing==0.19.2    # it takes part from then on

Every tool gets the same customers as arrays: simulated buyers of a BG/NBD with r = .243, alpha = 4.414, a = .793,
b = 2.426, first bought up to twelve weeks apart, observed for 27 to 39 weeks; once on a grid of days, where most rows
repeat, and once on time stamps that do not. patron's fits come with standard errors, those of lifetimes and the
maxima a posteriori of pymc-marketing without. benchmarks/racing.py says how is measured; the processor time is what
counts. Pareto/NBD, and whatever pymc-marketing takes part in, has --slow-rows customers; bg_nbd_small as many as
CDNOW, 2,357.

The results must agree: what a model of the fitted parameters expects of everybody in 39 weeks, to 2 parts in
1,000, which is where optimizers stop; beside pymc-marketing, which has priors, to 2 in 100.
"""

from __future__ import annotations

import importlib.util
import logging
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import racing
from racing import Run, Task

HORIZON = 39.0
#: The tasks, and how many customers they have: of --rows, --slow-rows, or so many.
TASKS: dict[str, str | int] = {"bg_nbd": "rows", "mbg_nbd": "rows", "gamma_gamma": "rows",
                               "expected_purchases": "rows", "pareto_nbd": "slow_rows", "bg_nbd_small": 2357}
#: Those whose priors move the result.
BAYESIAN = ("pymc-marketing",)


def simulate(customers: int, folder: Path, grid: bool) -> None:
    """frequency, recency, T in weeks; and the mean money of the repeat purchases."""
    random = np.random.default_rng(42)
    age = random.uniform(27, 39, customers)
    rate, leaves = random.gamma(0.243, 1 / 4.414, customers), random.beta(0.793, 2.426, customers)
    frequency, recency = np.zeros(customers), np.zeros(customers)
    alive, clock = np.ones(customers, bool), np.zeros(customers)
    while alive.any():
        clock[alive] += random.exponential(1, alive.sum()) / np.maximum(rate[alive], 1e-300)
        alive &= clock <= age
        frequency[alive] += 1
        recency[alive] = clock[alive]
        alive &= random.random(customers) >= leaves
    if grid:
        age = np.round(age * 7) / 7
        recency = np.minimum(np.round(recency * 7) / 7, age)
    spend = random.gamma(6.25 * np.maximum(frequency, 1), 1) / np.maximum(frequency, 1)
    money = spend / random.gamma(3.74, 1 / 15.44, customers)
    for name, values in (("frequency", frequency), ("recency", recency), ("T", age), ("monetary", money)):
        np.save(folder / f"{name}.npy", values)


def customers_of(task: Task) -> dict[str, Any]:
    return {name: np.load(task.folder / f"{name}.npy") for name in ("frequency", "recency", "T", "monetary")}


def model_of(task: str) -> str:
    return task.removesuffix("_small")


def checksum(task: str, params: dict[str, float], rows: dict[str, Any]) -> Any:
    """What a model of these parameters expects of all, by patron."""
    from patron import ltv

    if task == "gamma_gamma":
        params = {name: params[name] for name in ("p", "q", "v")}
        return [float(ltv.GammaGamma.from_params(**params).expected_spend())]
    made = {"bg_nbd": ltv.BgNbd, "mbg_nbd": ltv.MbgNbd, "pareto_nbd": ltv.ParetoNbd}[model_of(task)]
    expected = made.from_params(**params).expected_purchases(
        HORIZON, rows["frequency"], rows["recency"], rows["T"])
    return [float(np.asarray(expected).sum())]


def patron_run(task: Task) -> Run:
    from patron import ltv

    rows, threads = customers_of(task), task.threads
    three = rows["frequency"], rows["recency"], rows["T"]
    if task.setting == "expected_purchases":
        model = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
        return (lambda: model.expected_purchases(HORIZON, *three, threads=threads),
                lambda made: [float(np.asarray(made).sum())])
    if task.setting == "gamma_gamma":
        again = rows["frequency"] > 0
        two = rows["frequency"][again], rows["monetary"][again]
        return (lambda: ltv.GammaGamma().fit(*two, threads=threads),
                lambda made: checksum(task.setting, made.params_, rows))
    model_type = {"bg_nbd": ltv.BgNbd, "mbg_nbd": ltv.MbgNbd, "pareto_nbd": ltv.ParetoNbd}[
        model_of(task.setting)]
    return (lambda: model_type().fit(*three, threads=threads),
            lambda made: checksum(task.setting, made.params_, rows))


def lifetimes_run(task: Task) -> Run:
    import lifetimes

    rows = customers_of(task)
    three = rows["frequency"], rows["recency"], rows["T"]
    if task.setting == "expected_purchases":
        fitter = lifetimes.BetaGeoFitter()
        fitter.params_ = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
        ask = fitter.conditional_expected_number_of_purchases_up_to_time
        return lambda: ask(HORIZON, *three), lambda made: [float(np.asarray(made).sum())]
    if task.setting == "gamma_gamma":
        again = rows["frequency"] > 0
        two = rows["frequency"][again], rows["monetary"][again]
        return (lambda: lifetimes.GammaGammaFitter().fit(*two),
                lambda made: checksum(task.setting, dict(made.params_), rows))
    fitters = {"bg_nbd": lifetimes.BetaGeoFitter, "mbg_nbd": lifetimes.ModifiedBetaGeoFitter,
               "pareto_nbd": lifetimes.ParetoNBDFitter}
    return (lambda: fitters[model_of(task.setting)]().fit(*three),
            lambda made: checksum(task.setting, dict(made.params_), rows))


def pymc_run(task: Task) -> Run:
    warnings.simplefilter("ignore")
    import pandas as pd
    from pymc_marketing import clv

    logging.disable(logging.CRITICAL)
    rows = customers_of(task)
    frame = pd.DataFrame({name: rows[name] for name in ("frequency", "recency", "T")})
    frame["customer_id"] = np.arange(len(frame))
    names = {"pareto_nbd": ("r", "alpha", "s", "beta")}.get(task.setting, ("r", "alpha", "a", "b"))
    models = {"bg_nbd": clv.BetaGeoModel, "mbg_nbd": clv.ModifiedBetaGeoModel, "pareto_nbd": clv.ParetoNBDModel}

    def fit() -> Any:
        model = models[model_of(task.setting)](data=frame)
        model.fit(method="map", progressbar=False)
        return {name: float(model.fit_result[name].values.ravel()[0]) for name in names}

    return fit, lambda params: checksum(task.setting, params, rows)


TOOLS = {"patron": patron_run, "lifetimes": lifetimes_run, "pymc-marketing": pymc_run}


def tools_for(task: str, rows: int, options: Any) -> list[str]:
    """Who takes part in a task with so many customers, on one thread."""
    names = options.tools or list(TOOLS)
    fits = model_of(task) not in ("gamma_gamma", "expected_purchases")
    bayesian = fits and rows <= options.slow_rows and importlib.util.find_spec("pymc_marketing")
    return [name for name in names if name not in BAYESIAN or bayesian]


def race_task(task: str, rows: int, grid: bool, folder: Path, options: Any) -> None:
    for threads in options.threads:
        names = tools_for(task, rows, options) if threads == 1 else ["patron"]
        tolerance = 0.02 if set(names) & set(BAYESIAN) else 2e-3
        racing.race(TOOLS, names, folder, threads, options.repeats, setting=task, tolerance=tolerance,
                    title=f"{task}, {rows:,} customers, {'day grid' if grid else 'time stamps'}, ",
                    summary=lambda check: f"{check[0]:.3g}")


def more_options(parser: Any) -> None:
    parser.add_argument("--slow-rows", type=racing.number, default=100_000)
    parser.add_argument("--tasks", type=lambda text: text.split(","), default=list(TASKS),
                        help="of " + ", ".join(TASKS))


def main() -> None:
    options = racing.options(__doc__, TOOLS, rows=1_000_000, threads=[1, 2], repeats=3, more=more_options)
    print(f"Lifetime value; {racing.versions('lifetimes', 'numpy')}")
    if not importlib.util.find_spec("pymc_marketing"):
        print("pymc-marketing is not installed and does not take part")
    for grid in (True, False):
        for size in dict.fromkeys(TASKS.values()):
            tasks = [task for task in options.tasks if TASKS[task] == size and (grid or task != "gamma_gamma")]
            rows = size if isinstance(size, int) else getattr(options, size)
            if not tasks:
                continue
            with racing.data_folder() as folder:
                simulate(rows, folder, grid)
                for task in tasks:
                    race_task(task, rows, grid, folder, options)


racing.start(main, TOOLS)
