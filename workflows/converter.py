"""How values travel to and from the engine: compact, for every one of them is stored for good."""

import zlib
from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.contrib.pydantic import PydanticPayloadConverter, ToJsonOptions
from temporalio.converter import DataConverter, PayloadCodec

ENCODING = b"binary/zlib"
WORTH_IT = 1_000
"""Bytes from which a payload is stored compressed; most are smaller, and stay readable in Temporal's own tools."""


class CompactPayloadConverter(PydanticPayloadConverter):
    """Leaves out the fields that nobody set; a default must therefore never change its meaning."""

    def __init__(self) -> None:
        super().__init__(ToJsonOptions(exclude_unset=True))


class Compression(PayloadCodec):
    """Stores large payloads compressed: chiefly the complaint with its pinned policy, twice in each history."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [_deflated(payload) if len(payload.data) >= WORTH_IT else payload for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return [_inflated(payload) if payload.metadata.get("encoding") == ENCODING else payload for payload in payloads]


def _deflated(payload: Payload) -> Payload:
    return Payload(metadata={"encoding": ENCODING}, data=zlib.compress(payload.SerializeToString()))


def _inflated(payload: Payload) -> Payload:
    return Payload.FromString(zlib.decompress(payload.data))


data_converter = DataConverter(payload_converter_class=CompactPayloadConverter, payload_codec=Compression())
"""To be given to every client of the engine."""
