"""`python -m tfnotes`: the command line, where the script `tfnotes` isn't on the PATH."""

from tfnotes.cli import main

if __name__ == "__main__":
    main()
