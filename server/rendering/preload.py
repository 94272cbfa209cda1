"""The fork server imports this module once. Workers are forked from it with everything loaded and warm.

Without the render below, the first render of every worker takes three times as long as the next.
"""

import gc
import importlib
from contextlib import suppress
from importlib.metadata import entry_points

import matplotlib as mpl

from renderer import render
from server.rendering.probe import probe

for name in ("mpl_toolkits.mplot3d", "server.rendering.inside"):
    importlib.import_module(name)
# The command is the main module of a server, which each of its processes imports again.
for command in entry_points(group="console_scripts", name="figreel"):
    command.load()

# Whatever is wrong with rendering is for the workers to report, not for the fork server.
with suppress(Exception), mpl.rc_context({"text.usetex": False}):
    render(probe(), "gif")

# Collections in the workers leave out what is here for good; to walk over it takes as long as three frames.
gc.collect()
gc.freeze()
