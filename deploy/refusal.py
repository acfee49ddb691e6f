"""Why Redress will not start, in one sentence a person can act on."""


class Refusal(Exception):
    """A start that cannot be: one sentence, Chinese and English, and the exit code that goes with it."""

    def __init__(self, zh: str, en: str, *, exit_code: int = 1) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
        self.exit_code = exit_code
