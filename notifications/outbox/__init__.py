"""The outbox: letters kept as files in the data folder. Where an embedded Redress sends everything by default."""

from notifications.outbox.outbox import Outbox, Page, Sent

__all__ = ["Outbox", "Page", "Sent"]
