"""The interface as an OpenAPI 3.1 document, made from the catalog.

OpenAPI 3.1 is built on JSON Schema 2020-12, which pydantic writes. So the document holds the parameters' own schemas.
"""

from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from renderer import Format
from server.access import Access
from server.catalog.entries import Entry
from server.catalog.parameters import AS_JSON, Parameter, parameters_of
from server.catalog.schemas import Schemas
from server.rendering.service import Service

_SCHEMAS = "#/components/schemas/"

_PROBLEMS = {
    "400": "The request is malformed, or its body cannot be read.",
    "401": "A key is needed.",
    "403": "The signature does not hold, or is not for this method.",
    "408": "The body came too slowly.",
    "412": "The picture is another one than If-Match names.",
    "413": "The body is too large.",
    "415": "The body is not JSON, or in a coding that is not read.",
    "422": "A parameter is unknown or not valid, or the animation would be too large.",
    "429": "Too many requests; Retry-After says when to come back.",
    "500": "The animation failed.",
    "503": "The server is busy or ending; Retry-After says when to come back.",
    "504": "The animation took too long.",
}

_PROBLEM_NAME = "figreel.Problem"  # no type of a catalog has a dot in its name

_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "request_id"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "request_id": {"type": "string"},
        "traceback": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

_OPEN = {"/healthz": "Whether the event loop turns.", "/readyz": "Whether a request would be served."}
"""Paths that need no key and count in no rate, with what they tell."""

_GUARDED = {
    "/healthz/deep": "Whether a render works.",
    "/metrics": "Metrics, in the text format of Prometheus.",
    "/openapi.json": "This document.",
}

_MORE_STATUSES = {"/openapi.json": ("304", "412")}

_SENT = "The picture, sent while it is drawn."
_PART = "The range that the request names."
_PLAIN_RESPONSES = {
    "304": {"description": "The client has it already."},
    "416": {"description": "There is no such range."},
}


def document(service: Service, prefix: str, access: Access) -> dict[str, Any]:
    """Return the document.

    Parameters
    ----------
    service : Service
        Knows the animations and the formats.
    prefix : str
        The path where the application is mounted.
    access : Access
        What a request needs.
    """
    models = [model for entry in service.catalog for model in (entry.playback, entry.still)]
    pairs: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in models]
    references, shared = models_json_schema(pairs, ref_template=_SCHEMAS + "{model}", schema_generator=Schemas)
    schemas = shared.get("$defs", {})
    paths: dict[str, Any] = {
        f"/animations/{entry.name}.{format_.name}": _operations(
            entry, format_, references[entry.model(still=format_.still), "validation"], schemas, access
        )
        for entry in service.catalog
        for format_ in service.formats.values()
    }
    elsewhere = {"/metrics"} if service.settings.metrics_port is not None else set()
    for path, summary in {**_OPEN, **_GUARDED}.items():
        if path not in elsewhere:
            paths[path] = {"get": _other(path, summary, access)}
    result: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": service.catalog.title,
            "version": version("figreel"),
            "summary": "matplotlib animations over HTTP",
        },
        "servers": [{"url": prefix.rstrip("/") or "/"}],
        "paths": paths,
        "components": {
            "schemas": {_PROBLEM_NAME: _PROBLEM, **schemas},
            "responses": {
                f"Problem{status}": {
                    "description": text,
                    "content": {"application/problem+json": {"schema": {"$ref": _SCHEMAS + _PROBLEM_NAME}}},
                }
                for status, text in _PROBLEMS.items()
            },
        },
    }
    if access.closed:
        result["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        result["security"] = [{"bearer": []}]
    return result


def statuses(access: Access) -> dict[str, str]:
    """Return the statuses of pictures, each with what it says."""
    possible = {"401": access.closed, "403": access.signer is not None}
    plain = {status: response["description"] for status, response in _PLAIN_RESPONSES.items()}
    texts = {"200": _SENT, "206": _PART, **plain, **_PROBLEMS}
    return {status: texts[status] for status in sorted(texts) if possible.get(status, True)}


def _other(path: str, summary: str, access: Access) -> dict[str, Any]:
    """Return the operation of a path that is no picture."""
    statuses = ("400", "503", *_MORE_STATUSES.get(path, ()), *(() if path in _OPEN else _guards(access)))
    media_type = "application/json" if path.endswith(".json") else "text/plain"
    return {
        "operationId": path.strip("/").replace("/", "_").partition(".")[0],
        "summary": summary,
        "responses": {"200": {"description": "OK", "content": {media_type: {}}}, **_responses(statuses)},
        **({"security": []} if path in _OPEN else {}),
    }


def _guards(access: Access) -> list[str]:
    """Return the statuses with which a request is refused whatever it asks for."""
    guards = {"401": access.closed, "429": access.rate is not None}
    return [status for status, possible in guards.items() if possible]


def _responses(statuses: Iterable[str]) -> dict[str, Any]:
    return {
        status: _PLAIN_RESPONSES.get(status, {"$ref": f"#/components/responses/Problem{status}"})
        for status in sorted(statuses)
    }


def _operations(
    entry: Entry, format_: Format, reference: Mapping[str, str], schemas: Mapping[str, Any], access: Access
) -> dict[str, Any]:
    """Return the operations of one path; *reference* leads to the schema of the parameters."""
    content = {format_.media_type: {"schema": {"type": "string", "format": "binary"}}}
    common = {"400", "422", "429", "500", "503", "504", *_guards(access), *(["403"] if access.signer else [])}
    shown = {
        "200": {
            "description": _SENT,
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": content,
        }
    }
    part = {"206": {"description": _PART, "content": content}}
    words = {"summary": entry.summary or entry.name, "description": entry.description}
    described = parameters_of(schemas[reference["$ref"].removeprefix(_SCHEMAS)], schemas).values()
    parameters = [in_query for parameter in described for in_query in _in_query(parameter)]
    name = f"{entry.name}_{format_.name}"
    return {
        "get": {
            "operationId": name,
            **words,
            "parameters": parameters,
            "responses": {**shown, **part, **_responses(["304", "412", "416", *common])},
        },
        "post": {
            "operationId": f"post_{name}",
            **words,
            "requestBody": {"required": True, "content": {"application/json": {"schema": reference}}},
            "responses": {**shown, **_responses(["408", "413", "415", *common])},
        },
    }


def _in_query(parameter: Parameter) -> Iterator[dict[str, Any]]:
    """Yield what a query has for a parameter: its name, and where it is needed the name for its value as JSON."""
    as_json = {"in": "query", "content": {"application/json": {"schema": parameter.whole}}}
    if parameter.kind == "json":
        yield {"name": parameter.name, "required": parameter.required, **as_json}
    else:
        plain = {"in": "query", "style": "form", "explode": True, "schema": parameter.schema}
        yield {"name": parameter.name, "required": parameter.required and not parameter.empty_values, **plain}
    if parameter.empty_values:
        yield {"name": parameter.name + AS_JSON, "required": False, **as_json}
