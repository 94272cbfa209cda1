"""The interface as an OpenAPI 3.1 document, made from the catalog.

Pydantic writes JSON Schema 2020-12, which is what OpenAPI 3.1 is built on, so the parameters' own schemas are used.
"""

from importlib.metadata import version
from typing import Any

from pydantic import BaseModel

from server.catalog.entries import Entry
from server.rendering.service import Service

__all__ = ["document"]

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


def document(service: Service, prefix: str) -> dict[str, Any]:
    """Give the document.

    Parameters
    ----------
    service : Service
        What is described.
    prefix : str
        The path where the application is mounted.
    """
    paths: dict[str, Any] = {}
    for entry in service.catalog:
        for name, media_type in service.formats.items():
            paths[f"/animations/{entry.name}.{name}"] = _animation(entry, name, media_type)
        paths[f"/animations/{entry.name}/poster.png"] = {
            "get": _operation(entry, f"{entry.name}_poster", "image/png", entry.still)
        }
    for path, what in _OTHERS.items():
        paths[path] = {"get": {"operationId": what, "summary": what, "responses": {"200": {"description": "OK"}}}}
    result: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {"title": "figreel", "version": version("figreel"), "summary": "matplotlib animations over HTTP"},
        "servers": [{"url": prefix.rstrip("/") or "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM},
            "responses": {
                f"Problem{status}": {
                    "description": text,
                    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status, text in _PROBLEMS.items()
            },
        },
    }
    if service.guard.closed:
        result["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
        result["security"] = [{"bearer": []}]
    return result


_OTHERS = {"/healthz": "healthz", "/openapi.json": "openapi"}

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


def _animation(entry: Entry, name: str, media_type: str) -> dict[str, Any]:
    operation = f"{entry.name}_{name}"
    post = _operation(entry, f"post_{operation}", media_type, entry.playback)
    del post["parameters"]
    post["requestBody"] = {"required": True, "content": {"application/json": {"schema": _inlined(entry.playback)}}}
    return {"get": _operation(entry, operation, media_type, entry.playback), "post": post}


def _operation(entry: Entry, operation: str, media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    schema = _inlined(model)
    required = schema.get("required", ())
    return {
        "operationId": operation,
        "summary": entry.summary or entry.name,
        "description": entry.description,
        "parameters": [
            {
                "name": name,
                "in": "query",
                "required": name in required,
                "style": "form",
                "explode": True,
                "schema": _in_query(part),
            }
            for name, part in schema["properties"].items()
        ],
        "responses": {
            "200": {
                "description": "The picture, sent while it is drawn.",
                "headers": {"ETag": {"schema": {"type": "string"}}},
                "content": {media_type: {"schema": {"type": "string", "format": "binary"}}},
            },
            "206": {"description": "The range that was asked for."},
            "304": {"description": "The client has it already."},
            "416": {"description": "There is no such range."},
            **{status: {"$ref": f"#/components/responses/Problem{status}"} for status in _PROBLEMS},
        },
    }


def _inlined(model: type[BaseModel]) -> dict[str, Any]:
    """Give a model's schema with its definitions put in where they are referred to."""
    schema = model.model_json_schema()
    shared = schema.pop("$defs", {})

    def inline(part: Any) -> Any:
        if isinstance(part, dict):
            if "$ref" in part:
                return inline(shared[part["$ref"].rpartition("/")[2]])
            return {name: inline(value) for name, value in part.items() if name != "title"}
        return [inline(item) for item in part] if isinstance(part, list) else part

    # A parameter may be called "title", which is then a key of "properties" and not a title.
    properties = {name: inline(part) for name, part in schema.pop("properties").items()}
    return {**inline(schema), "properties": properties}


def _in_query(schema: dict[str, Any]) -> dict[str, Any]:
    """Leave out null: a query cannot say it but by leaving the parameter out, or empty."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
        return _in_query({**options[0], **rest})
    if "items" in schema:
        return {**schema, "items": _in_query(schema["items"])}
    return schema
