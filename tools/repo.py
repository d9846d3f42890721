"""What the checks share: the files of the repository, those that changed, and how to report."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def _git(root, *arguments):
    done = subprocess.run(
        ["git", "-c", f"safe.directory={root}", "-C", str(root), *arguments],
        capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else None


def _listed(root):
    listed = _git(root, "ls-files", "--cached", "--others", "--exclude-standard")
    if listed is None:
        listed = [str(path.relative_to(root)) for path in root.rglob("*")]
    return listed


def links(root=ROOT):
    """Symbolic links among the tracked files and the new ones that are not ignored, sorted."""
    return sorted({name for name in _listed(root) if (root / name).is_symlink()})


def files(root=ROOT, *patterns):
    """Tracked files and new ones that are not ignored, relative, sorted; all files without git."""
    listed = _listed(root)
    found = sorted({name for name in listed if (root / name).is_file()})
    if patterns:
        found = [name for name in found if any(pathlib.PurePath(name).match(p) for p in patterns)]
    return found


def changed(root=ROOT):
    """Files that differ from the commit before the last one, new files included; None if unknown."""
    committed = _git(root, "diff", "--name-only", "HEAD~1", "HEAD")
    uncommitted = _git(root, "diff", "--name-only", "HEAD")
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    if committed is None or uncommitted is None or new is None:
        return None
    return sorted({name for name in committed + uncommitted + new if (root / name).is_file()})


def finish(title, findings, checked):
    """Prints the findings, or that there are none, and ends the program."""
    for finding in findings:
        print(finding)
    if findings:
        print(f"{title}: {len(findings)} finding(s) in {checked}")
        sys.exit(1)
    print(f"{title}: nothing to say about {checked}")
    sys.exit(0)
