"""The command, where its script is not on the path: ``python -m renderer``."""

from renderer.cli.commands import main

if __name__ == "__main__":
    main(prog_name="python -m renderer")
