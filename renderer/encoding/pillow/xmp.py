"""Metadata as an XMP packet, which WebP and AVIF carry.

Follows ISO 16684-1 (XMP) with the Dublin Core properties.
"""

from collections.abc import Mapping
from xml.sax.saxutils import escape

from renderer.errors import OptionError

_PROPERTIES = {
    "title": "<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt></dc:title>",
    "artist": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "author": "<dc:creator><rdf:Seq><rdf:li>{}</rdf:li></rdf:Seq></dc:creator>",
    "copyright": "<dc:rights><rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt></dc:rights>",
    "source": "<dc:source>{}</dc:source>",
    "software": "<xmp:CreatorTool>{}</xmp:CreatorTool>",
}
_DESCRIPTION = "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>{}</rdf:li></rdf:Alt></dc:description>"

_PACKET = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
    "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:xmp='http://ns.adobe.com/xap/1.0/'>"
    "{}</rdf:Description></rdf:RDF></x:xmpmeta>"
)


def packet(metadata: Mapping[str, str]) -> bytes:
    """Return the packet, empty for no metadata.

    Texts whose name XMP has a property for are stored under it; the others become lines of the description.

    Raises
    ------
    OptionError
        XML cannot hold a text.
    """
    properties = {}
    description = []
    for name, text in metadata.items():
        if any(not (letter.isprintable() or letter in "\n\t") for letter in name + text):
            raise OptionError("metadata", f"the text of {name!r} has a character that cannot be stored in this format")
        form = _PROPERTIES.get(name.lower())
        if form is not None:
            properties[form] = form.format(escape(text))
        else:
            description.append(text if name.lower() in ("comment", "description") else f"{name}: {text}")
    if description:
        properties[_DESCRIPTION] = _DESCRIPTION.format(escape("\n".join(description)))
    return _PACKET.format("".join(properties.values())).encode() if properties else b""
