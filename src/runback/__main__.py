"""`python -m runback`."""

import os
import sys


def _stands_in(folder: str) -> bool:
    return os.path.dirname(os.path.dirname(os.path.abspath(__file__))) == folder


# `-m` has put the current folder first on the module path: what happens to lie there must not be imported for a module
# of the standard library. Only what is loaded already may be used to take it off. (The children never have it.)
try:
    if sys.path[:1] == [os.getcwd()] and not _stands_in(sys.path[0]):
        del sys.path[0]
except OSError:  # the current folder has been removed
    pass

if __name__ == "__main__":
    from runback.cli import main

    main()
