# SPDX-License-Identifier: Apache-2.0
"""docs/openapi.yaml as something to validate answers against."""
import os
import re

import harness
import jsonschema
import yaml

with open(os.path.join(harness.ROOT, "docs/openapi.yaml"), encoding="utf-8") as file:
    DOCUMENT = yaml.safe_load(file)

# A schema of the document refers to others of it by "#/components/…".
RESOLVER = jsonschema.RefResolver(base_uri="", referrer=DOCUMENT)
CHECKER = jsonschema.FormatChecker()


def resolve(value):
    while isinstance(value, dict) and "$ref" in value:
        _, value = RESOLVER.resolve(value["$ref"])
    return value


def operations():
    """(METHOD, path) → operation."""
    return {(method.upper(), path): operation
            for path, item in DOCUMENT["paths"].items()
            for method, operation in item.items() if method != "parameters"}


def operation_of(method, path):
    """The operation for a path as it is sent."""
    method = "GET" if method == "HEAD" else method
    for (known, template), operation in operations().items():
        pattern = re.sub(r"\{[^}]+\}", "[^/]+", template)
        if known == method and re.fullmatch(pattern, path.split("?")[0]):
            return operation
    return None


def access_of(operation):
    """The word that the collector's table of routes uses for who may, and for what of staff."""
    security = operation.get("security", DOCUMENT["security"])
    who = next(iter(security[0])) if security else "anybody"
    return f"{who}:{operation['x-action']}" if who == "staff" else who


def parameters_of(operation, where):
    found = [resolve(parameter) for parameter in operation.get("parameters", [])]
    return [parameter["name"] for parameter in found if parameter["in"] == where]


def check_schema(schema, value):
    jsonschema.Draft202012Validator(schema, resolver=RESOLVER,
                                    format_checker=CHECKER).validate(value)


def check(method, path, answer):
    """Fail unless @answer is what the document says it is."""
    operation = operation_of(method, path)
    if operation is None:
        # What no operation answers is refused in the way that all of them refuse.
        responses = {"default": {"$ref": "#/components/responses/Problem"}}
        assert answer.status in (400, 404, 405, 414, 431), answer.status
    else:
        responses = operation["responses"]
    if answer.status == 304:
        assert answer.body == b"" and "etag" in answer.headers
        return
    response = resolve(responses.get(str(answer.status), responses["default"]))
    content_type = answer.type.split(";")[0]
    assert content_type in response["content"], (answer.status, answer.type)
    if method == "HEAD":
        assert answer.body == b""
        return
    check_schema(response["content"][content_type]["schema"], answer.json)
    if answer.status >= 400:
        assert answer.json["status"] == answer.status
