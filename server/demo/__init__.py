"""The animations that ``figreel serve`` shows if no catalog is named."""

from server.catalog.entries import Catalog
from server.demo.bars import bars
from server.demo.dashboard import dashboard
from server.demo.gauge import gauge
from server.demo.image import image
from server.demo.line import line
from server.demo.lissajous import lissajous
from server.demo.orbits import orbits
from server.demo.race import race
from server.demo.scatter import scatter
from server.demo.sorting import sorting
from server.demo.surface import surface
from server.demo.text import text

catalog = Catalog()
for function in (bars, race, gauge, line, lissajous, scatter, image, surface, sorting, orbits, dashboard, text):
    catalog.animation(function)
