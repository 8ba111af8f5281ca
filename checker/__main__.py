"""`python -m checker` is `trailcheck`."""

from checker.cli.main import run

if __name__ == "__main__":
    run()
