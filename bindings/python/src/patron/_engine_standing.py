"""Who is who and where everybody stands: identities, classes, profiles, of an engine or of a snapshot of one."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from typing import Any

from . import _ffi, _native, _options
from ._engine_calls import EngineCalls, open_ids, said_of
from ._engine_results import ProfileValue
from ._native import lib
from ._policy import Policy
from ._profile import ProfileFrame
from ._progress import Watcher
from ._table import Table


class Standing(EngineCalls):
    """Identities, classes, profiles, distributions."""

    _noun: str  # whose functions of the library are called
    _frame: tuple[Policy, ProfileFrame] | None = None

    def _verb(self, name: str) -> Any:
        return getattr(lib, f"patron_{self._noun}_{name}")

    def classes(self, customers: Sequence[str | int] | None = None) -> Table:
        """Everybody's classes, or those of some, ordered by id.

        Parameters
        ----------
        customers : sequence of str or int, optional
            Ids; those that nobody has give no row.

        Returns
        -------
        Table
            ``customer``, for each classification its class (of flags the names with commas between them) and
            ``NAME_since`` (of flags null), and ``next_change``: the first instant at which anything may change by
            itself.
        """
        if customers is None:
            return self._table(self._verb("classes"), None)
        with said_of("customers"):
            ids = open_ids(customers)
            return self._table(self._verb("classes"), ids.pointer)

    def customer_of(self, customer: str | int) -> str | int | None:
        """Which customer an id is now: the id of who stands for it, by the links that there are.

        Parameters
        ----------
        customer : str or int
            Any id that was ever sent.

        Returns
        -------
        str or int
            None where nobody has it: it was never sent, or is forgotten.

        Examples
        --------
        >>> import patron
        >>> engine = patron.Engine({"patron": 1, "name": "shop", "streams": {"orders": {}}})
        >>> report = engine.link({"first": ["web:anna"], "second": ["card:17"]})
        >>> engine.customer_of("card:17")
        'web:anna'
        >>> engine.identities().to_dict()
        {'id': ['card:17', 'web:anna'], 'customer': ['web:anna', 'web:anna']}
        """
        found = _ffi.patron_identity.init()
        place = ctypes.byref(found)
        _native.call(self._verb("customer_of"), self._open().pointer, *self._id(customer), place)
        if not found.found:
            return None
        return int(found.number) if self._has_numbers else found.customer.text()

    def identities(self, ids: Sequence[str | int] | None = None) -> Table:
        """Which customer each id is now, to be joined with tables that have ids of any channel.

        Parameters
        ----------
        ids : sequence of str or int, optional
            Ids, such as a column of a DataFrame. Default: every id that was ever sent and is not forgotten.

        Returns
        -------
        Table
            ``id`` and ``customer``, who stands for it and is in `classes`. Of all in the order of ids; of some a row
            for each in their order, with a null where nobody has it.
        """
        if ids is None:
            return self._table(self._verb("identities"), None)
        with said_of("ids"):
            table = open_ids(ids, "ids")
            return self._table(self._verb("identities"), table.pointer)

    def profiles(
        self,
        tags: Sequence[str] | None = None,
        customers: Sequence[str | int] | None = None,
        where: str | None = None,
        *,
        progress: Callable[[float], object] | None = None,
    ) -> Table:
        """Everybody's tags, attributes and classes as at the clock, ordered by id.

        Parameters
        ----------
        tags : sequence of str, optional
            Which of `Policy.tags`; default, and of an empty list: all.
        customers : sequence of str or int, optional
            Ids; those that nobody has give no row. Default: everybody.
        where : str, optional
            A condition over the policy's tags, such as ``"spend >= 100 && 'sleepers' in audience"``: only those for
            whom it is true; where it is unknown she is left out.
        progress : callable, optional
            Called with the share done. What it raises stops the call.

        Returns
        -------
        Table
            ``customer`` and the values in the order of `Policy.tags`; a set is its members with commas between them.

        Raises
        ------
        DataError
            No such tag.
        PolicyError
            A condition that is none, with its position.
        """
        keep: list[object] = []
        options = _ffi.patron_profiles_options.init()
        options.threads = self._threads
        if tags is not None:
            options.tags, options.tag_count = _options.texts(_options.columns("tags", tags), keep)
        if customers is not None:
            with said_of("customers"):
                ids = open_ids(customers)
            keep.append(ids)
            options.customers = ids.pointer
        if where is not None:
            _options.set_texts(options, keep, where=_options.column("where", where))
        pointer = self._open().pointer
        place = ctypes.byref(options)

        def ask() -> Table:
            table: Table = Table._wrap(
                _native.take_table(self._verb("profiles"), pointer, place)
            )
            return table

        with said_of("customers"):
            return self._watched(Watcher(progress), options, ask)

    def profile(self, customer: str | int) -> dict[str, ProfileValue]:
        """All values of one customer at the clock, by name, with where they come from and how new that is.

        Raises
        ------
        ArgumentError
            An id that nobody has.
        """
        asked = (self._verb("profile"), self._open().pointer, *self._id(customer))
        frame = self._frame
        if frame is None or frame[0] is not self._policy:
            table = _native.take_table(*asked)
            frame = self._frame = self._policy, ProfileFrame(table, self._zone)
            table.close()
        # Without a Handle, which takes as long as the call: it is closed right here.
        pointer = _ffi.patron_table_p()
        _native.call(*asked, ctypes.byref(pointer))
        try:
            return frame[1].read(pointer)
        finally:
            lib.patron_table_close(pointer)

    def distribution(self, classification: str) -> Table:
        """How many customers are in each class at the clock.

        Returns
        -------
        Table
            ``class`` in the order of the policy and ``customers``; then those in none (null), where there are any.
        """
        name = _options.name_of("classification", "classification", classification)
        return self._table(self._verb("distribution"), *_native.text(name))
