"""What can go wrong on the way to somebody."""

from complaints.parties import Bilingual


class DeliveryError(Exception):
    """A message that was not delivered.

    `permanent` says that trying again on the same route is in vain. The error ends up in places that are not
    encrypted, so `detail` (Chinese and English) never holds an address, a name or words of the message.
    """

    def __init__(self, zh: str, en: str, *, permanent: bool) -> None:
        self.detail = Bilingual(zh=zh, en=en)
        self.permanent = permanent
        super().__init__(f"{zh} / {en}")
