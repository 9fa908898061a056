"""What setup.cfg can't say: the folder `tasks` is installed as `tfnotes_tasks`, as other people have a `tasks` too."""

from setuptools import find_packages, setup

library = find_packages(include=["tfnotes", "tfnotes.*"])
tasks = ["tfnotes_" + package for package in find_packages(include=["tasks", "tasks.*"])]
setup(packages=[*library, *tasks], package_dir={"tfnotes_tasks": "tasks"})
