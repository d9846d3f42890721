"""Twelve customers, and models with the parameters of published fits."""

from patron import ltv

FREQUENCY = [0, 1, 2, 0, 4, 3, 0, 1, 7, 2, 0, 5]
RECENCY = [0, 9, 30.5, 0, 35.25, 12.5, 0, 2, 38, 21, 0, 30]
AGE = [38, 38.5, 38.75, 30, 37, 36.5, 39, 33, 38.25, 31, 27.5, 34]
MONEY = [0, 22.5, 40, 0, 35.25, 18.75, 0, 61, 29.5, 44, 0, 33.25]
CUSTOMERS = {"frequency": FREQUENCY, "recency": RECENCY, "T": AGE, "monetary": MONEY}

BG = ltv.BgNbd.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
PARETO = ltv.ParetoNbd.from_params(r=0.5533971, alpha=10.5802, s=0.6060625, beta=11.65622)
SPEND = ltv.GammaGamma.from_params(p=6.25, q=3.74, v=15.44)
