"""`python -m sparrow_lite` is the command `sparrow-lite`."""

from sparrow_lite.cli import main

if __name__ == "__main__":
    main(prog_name="sparrow-lite")
