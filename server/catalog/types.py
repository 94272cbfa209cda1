"""Types for the parameters of an animation."""

from typing import Annotated

from matplotlib.colors import is_color_like
from pydantic import AfterValidator, Field


def _readable_color(text: str) -> str:
    if not is_color_like(text):
        raise ValueError("must be a color that matplotlib can read, such as 'red', 'C1' or '#1f77b4'")
    return text


Color = Annotated[str, Field(max_length=32, json_schema_extra={"format": "color"}), AfterValidator(_readable_color)]
"""A color that matplotlib can read, as a string."""
