"""`python -m runback`."""

from runback.cli import main

if __name__ == "__main__":
    main()
