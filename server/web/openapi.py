"""The interface as an OpenAPI 3.1 document, made from the catalog.

OpenAPI 3.1 is built on JSON Schema 2020-12, which pydantic writes. So the document holds the parameters' own schemas.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from renderer import Format
from server.catalog.entries import Entry
from server.catalog.parameters import Untitled, parameters_of
from server.rendering.service import Service

_SCHEMAS = "#/components/schemas/"

_PROBLEMS = {
    "400": "The body cannot be read, or the request is malformed.",
    "401": "A key is needed.",
    "403": "The signature does not hold.",
    "404": "There is no such animation or format.",
    "408": "The body came too slowly.",
    "413": "The body is too large.",
    "415": "The body is not JSON.",
    "422": "A parameter is unknown or not valid, or the animation would be too large.",
    "429": "Too many requests; Retry-After says when to come back.",
    "500": "The animation failed.",
    "503": "The server is busy; Retry-After says when to come back.",
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

_OTHERS = {"/healthz": "healthz", "/openapi.json": "openapi"}


def document(service: Service, prefix: str, *, closed: bool) -> dict[str, Any]:
    """Return the document.

    Parameters
    ----------
    service : Service
        Knows the animations and the formats.
    prefix : str
        The path where the application is mounted.
    closed : bool
        Whether a key is needed.
    """
    models = [model for entry in service.catalog for model in (entry.playback, entry.still)]
    pairs: list[tuple[type[BaseModel], Literal["validation"]]] = [(model, "validation") for model in models]
    references, shared = models_json_schema(pairs, ref_template=_SCHEMAS + "{model}", schema_generator=Untitled)
    schemas = shared.get("$defs", {})
    paths: dict[str, Any] = {
        f"/animations/{entry.name}.{format_.name}": _operations(
            entry, format_, references[entry.model(still=format_.still), "validation"], schemas
        )
        for entry in service.catalog
        for format_ in service.formats.values()
    }
    for path, what in _OTHERS.items():
        paths[path] = {"get": {"operationId": what, "summary": what, "responses": {"200": {"description": "OK"}}}}
    result: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "figreel", "version": version("figreel"), "summary": "matplotlib animations over HTTP"},
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
    if closed:
        result["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        result["security"] = [{"bearer": []}]
    return result


def _operations(
    entry: Entry, format_: Format, reference: Mapping[str, str], schemas: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the operations of one path; *reference* leads to the schema of the parameters."""
    operation = {
        "summary": entry.summary or entry.name,
        "description": entry.description,
        "responses": {
            "200": {
                "description": "The picture, sent while it is drawn.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {format_.media_type: {"schema": {"type": "string", "format": "binary"}}},
            },
            "206": {"description": "The range that the request names."},
            "304": {"description": "The client has it already."},
            "416": {"description": "There is no such range."},
            **{status: {"$ref": f"#/components/responses/Problem{status}"} for status in _PROBLEMS},
        },
    }
    parameters = [
        {
            "name": parameter.name,
            "in": "query",
            "required": parameter.required,
            "style": "form",
            "explode": True,
            "schema": parameter.schema,
        }
        for parameter in parameters_of(schemas[reference["$ref"].removeprefix(_SCHEMAS)], schemas).values()
    ]
    name = f"{entry.name}_{format_.name}"
    return {
        "get": {"operationId": name, **operation, "parameters": parameters},
        "post": {
            "operationId": f"post_{name}",
            **operation,
            "requestBody": {"required": True, "content": {"application/json": {"schema": reference}}},
        },
    }
