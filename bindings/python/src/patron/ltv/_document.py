"""A model from its document, whichever it is."""

from __future__ import annotations

from .. import _ffi, _native
from .._native import lib
from ._contracts import BdW, Sbg
from ._model import Model, document_text
from ._purchases import BgBb, BgNbd, MbgNbd, Nbd, ParetoNbd
from ._spend import GammaGamma

_CLASSES: tuple[type[Model], ...] = (Nbd, BgNbd, MbgNbd, ParetoNbd, BgBb, Sbg, BdW, GammaGamma)


def from_json(text: str) -> Model:
    """The model of a document that ``to_json`` wrote, of whichever class it is.

    Parameters
    ----------
    text : str
        The document.

    Returns
    -------
    Nbd, BgNbd, MbgNbd, ParetoNbd, BgBb, Sbg, BdW or GammaGamma

    Raises
    ------
    PolicyError
        A text that is no such document, with the byte offset.

    Examples
    --------
    >>> from patron import ltv
    >>> ltv.from_json(ltv.Sbg.from_params(alpha=0.668, beta=3.806, unit="year").to_json())
    patron.ltv.Sbg(unit='year', alpha=0.668, beta=3.806)
    """
    handle = _native.take(
        lib.patron_ltv_parse, *document_text(text), out=_ffi.patron_ltv_p, close=lib.patron_ltv_close
    )
    probe = Model()
    probe._handle = handle
    kind = probe._parameters().model
    found = next(one for one in _CLASSES if one._kind == kind)
    return found.from_json(text)
