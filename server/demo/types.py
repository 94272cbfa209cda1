"""Types that the animations share."""

from typing import Annotated, Literal

from pydantic import Field

Amount = Annotated[float, Field(ge=-1e6, le=1e6)]
Count = Annotated[int, Field(ge=2, le=200)]
Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Colormap = Literal["viridis", "magma", "coolwarm", "twilight", "cividis"]
"""Maps to choose from: a name from outside must not reach matplotlib's registry of files."""
