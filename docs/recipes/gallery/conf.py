"""An example gallery of Sphinx in which animations move.

Sphinx-Gallery runs the examples and puts the value of each last line into the page; a clip shows itself there.
Install with ``pip install figreel sphinx-gallery``, build with ``sphinx-build -b html . _build`` in this folder, and
open ``_build/index.html``. The file of an example that is to be run has to begin with ``plot_``. Draw on a ``Figure``
and not with pyplot, since Sphinx-Gallery adds a still picture of each of pyplot's figures.
"""

project = "Waves"
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["_build", "examples"]

sphinx_gallery_conf = {
    "examples_dirs": "examples",
    "gallery_dirs": "auto_examples",
    "capture_repr": ("_repr_html_",),
}
