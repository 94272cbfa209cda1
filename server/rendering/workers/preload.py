"""The fork server imports this module once. Workers are forked from it with everything loaded and warm.

Without the render below, the first render of every worker takes three times as long as the next.
"""

import gc
import importlib
from contextlib import suppress

import matplotlib as mpl

from renderer import formats, render
from server.rendering.workers.installation import libraries
from server.rendering.workers.probe import probe

importlib.import_module("mpl_toolkits.mplot3d")

# Whatever is wrong with rendering is for the workers to report, not for the fork server.
for entry in formats().values():
    with suppress(Exception):
        entry.load()
with suppress(Exception), mpl.rc_context({"text.usetex": False}):
    render(probe(), "gif")

# Workers have the libraries that are loaded here, whatever is installed later.
libraries()

# Collections in the workers leave out what is here for good; to walk over it takes as long as three frames.
gc.collect()
gc.freeze()
