"""Schemathesis tries every corner of the API that the description promises, on the real stack."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
)

from helder.gateway.openapi import document
from tests.running import Running

schema = schemathesis.openapi.from_dict(document()).exclude(path_regex="events$")
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)


@schema.parametrize()
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
def test_every_answer_is_as_described(case: schemathesis.Case, stack: Running) -> None:
    talk = stack.talk("en")
    if "conversation" in case.path_parameters:
        case.path_parameters["conversation"] = talk.conversation
        case.headers = {**(case.headers or {}), **talk.headers}
    case.call_and_validate(base_url=stack.gateway_url, checks=CHECKS)
