"""What the fork server imports, once: workers are forked from it with everything loaded and warm.

Without the render below, the first one of every new process takes three times as long as the next.
"""

import importlib
from contextlib import suppress

import matplotlib as mpl

from renderer import render
from server.rendering.probe import probe

# The command is the main module of a server, which each of its processes imports again.
for name in ("mpl_toolkits.mplot3d", "server.cli", "server.rendering.inside"):
    importlib.import_module(name)

# Whatever is wrong with rendering is for the workers to report, not for the fork server.
with suppress(Exception), mpl.rc_context({"text.usetex": False}):
    render(probe(), "gif")
