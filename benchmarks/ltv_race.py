"""Fits and predictions of lifetime value: by patron and by lifetimes.

    ./run bench ltv                              # 100,000 customers, on a day grid and on time stamps
    ./run bench ltv --rows 1e6 --repeats 3

Every tool gets the same customers as arrays: simulated buyers of a BG/NBD with r = .243, alpha = 4.414, a = .793,
b = 2.426, first bought up to twelve weeks apart, observed for 27 to 39 weeks. patron's fits come with standard
errors, those of lifetimes without. benchmarks/racing.py says how is measured; the processor time is what counts.
The results must agree: the purchases that each model expects of everybody in 39 weeks, to three digits.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import racing
from racing import Run, Task

HORIZON = 39.0
TASKS = ("bg_nbd", "mbg_nbd", "pareto_nbd", "gamma_gamma", "expected_purchases")


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


def checksum(task: str, params: dict[str, float], rows: dict[str, Any]) -> Any:
    """What a model of these parameters expects of all, by patron; to three digits."""
    from patron import ltv

    made = {"bg_nbd": ltv.BgNbd, "mbg_nbd": ltv.MbgNbd, "pareto_nbd": ltv.ParetoNbd}
    if task == "gamma_gamma":
        params = {name: params[name] for name in ("p", "q", "v")}
        spend = ltv.GammaGamma.from_params(**params).expected_spend()
        return [f"{spend:.2g}"]
    expected = made[task].from_params(**params).expected_purchases(
        HORIZON, rows["frequency"], rows["recency"], rows["T"])
    return [f"{np.asarray(expected).sum():.3g}"]


def patron_run(task: Task) -> Run:
    from patron import ltv

    rows, threads = customers_of(task), task.threads
    three = rows["frequency"], rows["recency"], rows["T"]
    if task.setting == "expected_purchases":
        model = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
        return (lambda: model.expected_purchases(HORIZON, *three, threads=threads),
                lambda made: [f"{np.asarray(made).sum():.8g}"])
    if task.setting == "gamma_gamma":
        again = rows["frequency"] > 0
        two = rows["frequency"][again], rows["monetary"][again]
        return (lambda: ltv.GammaGamma().fit(*two, threads=threads),
                lambda made: checksum(task.setting, made.params_, rows))
    model_type = {"bg_nbd": ltv.BgNbd, "mbg_nbd": ltv.MbgNbd, "pareto_nbd": ltv.ParetoNbd}[task.setting]
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
        return lambda: ask(HORIZON, *three), lambda made: [f"{np.asarray(made).sum():.8g}"]
    if task.setting == "gamma_gamma":
        again = rows["frequency"] > 0
        two = rows["frequency"][again], rows["monetary"][again]
        return (lambda: lifetimes.GammaGammaFitter().fit(*two),
                lambda made: checksum(task.setting, dict(made.params_), rows))
    fitters = {"bg_nbd": lifetimes.BetaGeoFitter, "mbg_nbd": lifetimes.ModifiedBetaGeoFitter,
               "pareto_nbd": lifetimes.ParetoNBDFitter}
    return (lambda: fitters[task.setting]().fit(*three),
            lambda made: checksum(task.setting, dict(made.params_), rows))


TOOLS = {"patron": patron_run, "lifetimes": lifetimes_run}


def main() -> None:
    options = racing.options(
        __doc__, TOOLS, rows=100_000, threads=[1], repeats=3,
        more=lambda parser: parser.add_argument("--tasks", type=lambda text: text.split(","), default=list(TASKS),
                                                help="of " + ", ".join(TASKS)))
    print(f"Lifetime value of {options.rows:,} customers; {racing.versions('lifetimes', 'numpy')}")
    for grid in (True, False):
        with racing.data_folder() as folder:
            simulate(options.rows, folder, grid)
            for task in options.tasks:
                if task == "gamma_gamma" and not grid:
                    continue  # time is nothing to it
                for threads in options.threads:
                    names = options.tools or (list(TOOLS) if threads == 1 else ["patron"])
                    racing.race(TOOLS, names, folder, threads, options.repeats, setting=task,
                                title=f"{task}, {'day grid' if grid else 'time stamps'}, ",
                                summary=lambda check: str(check[0]))


racing.start(main, TOOLS)
