"""The animations that ``figreel serve`` shows if no catalog is named."""

from server.catalog.entries import Catalog
from server.demo.bars import bars
from server.demo.image import image
from server.demo.line import line
from server.demo.scatter import scatter
from server.demo.surface import surface

catalog = Catalog()
for function in (bars, line, scatter, image, surface):
    catalog.animation(function)
