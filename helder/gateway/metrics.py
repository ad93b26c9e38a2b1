"""Counters and gauges for Prometheus; no label ever holds anything about a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURNS = Counter("helder_turns", "Turns asked of the assistant, by outcome", ["outcome"])
MESSAGES = Counter("helder_messages", "Messages received from customers")
OPENED = Counter("helder_conversations_opened", "Conversations opened")
REFUSED = Counter("helder_requests_refused", "Requests refused, by code", ["code"])
STREAMS = Gauge("helder_streams_open", "Event streams that are open now")
REQUESTS = Histogram("helder_request_seconds", "Seconds per request (streams apart)")
EXPIRED = Counter(
    "helder_conversations_expired", "Conversations destroyed when their time was over"
)
