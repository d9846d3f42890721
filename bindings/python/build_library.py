"""Hatch's build hook: puts libpatron.so into the wheel, and names the platform in its tag.

The library is built with CMake from the sources beside this package. Where the environment variable
PATRON_PREBUILT_DIR is set, the libpatron.so of that folder is taken instead, so that a build that has
compiled the library already does not do it twice. PATRON_CMAKE_FLAGS has further arguments for CMake.

The tag is that of this machine (such as linux_x86_64), because the library needs this machine's libstdc++
and glibc. `./run package` sets PATRON_WHEEL_PLATFORM for a library of another processor, and has
`auditwheel repair` make a manylinux wheel.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))
import source_tree  # noqa: E402


class LibraryBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``patron/lib/libpatron.so`` to the wheel."""

    def dependencies(self) -> list[str]:
        """CMake and Ninja from PyPI where the system has none."""
        if self.target_name != "wheel" or os.environ.get("PATRON_PREBUILT_DIR"):
            return []
        missing = [] if shutil.which("cmake") else ["cmake>=3.21"]
        return missing if shutil.which("ninja") or shutil.which("make") else [*missing, "ninja"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds or finds the library, and names the platform."""
        if self.target_name != "wheel":
            return
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{_platform()}"
        library = _prebuilt() or _build()
        build_data["force_include"][str(library)] = "patron/lib/libpatron.so"
        for name in ("LICENSE", "NOTICE"):
            build_data["force_include"][str(source_tree.root() / name)] = f"patron/{name}"


def _platform() -> str:
    platform = os.environ.get("PATRON_WHEEL_PLATFORM") or sysconfig.get_platform()
    return platform.replace("-", "_").replace(".", "_")


def _prebuilt() -> Path | None:
    folder = os.environ.get("PATRON_PREBUILT_DIR")
    if not folder:
        return None
    library = Path(folder) / "libpatron.so"
    if not library.is_file():
        raise FileNotFoundError(f"PATRON_PREBUILT_DIR: there is no libpatron.so in {folder}")
    return library.resolve()


def _build() -> Path:
    root = source_tree.root()
    if root.name == "core":
        build = Path(tempfile.mkdtemp(prefix="patron-wheel-"))
    else:
        build = root / "build" / "wheel-library"
    configure = ["cmake", "-S", str(root), "-B", str(build), "-DCMAKE_BUILD_TYPE=Release"]
    configure += ["-DPATRON_DEVELOPER=OFF", "-DPATRON_INSTALL=OFF"]
    configure += os.environ.get("PATRON_CMAKE_FLAGS", "").split()
    if shutil.which("ninja"):
        configure += ["-G", "Ninja"]
    _run(configure)
    jobs = str(os.cpu_count() or 1)
    _run(["cmake", "--build", str(build), "--target", "patron_capi", "--parallel", jobs])
    return (build / "capi" / "libpatron.so").resolve()


def _run(command: list[str]) -> None:
    """Runs a command, and shows all it said where it fails."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    if done.returncode != 0:
        print(done.stdout, file=sys.stderr)
        raise RuntimeError(f"{' '.join(command)} failed with status {done.returncode}; see above")
