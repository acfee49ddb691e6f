"""How values travel to and from the engine: pydantic JSON without what nobody set, so that histories stay small."""

from temporalio.contrib.pydantic import PydanticPayloadConverter, ToJsonOptions
from temporalio.converter import DataConverter


class CompactPayloadConverter(PydanticPayloadConverter):
    """Leaves out the fields that still have their defaults; a default must therefore never change its meaning."""

    def __init__(self) -> None:
        super().__init__(ToJsonOptions(exclude_unset=True))


data_converter = DataConverter(payload_converter_class=CompactPayloadConverter)
"""To be given to every client of the engine."""
