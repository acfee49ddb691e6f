"""Every setting of Redress; the only place that reads the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.refusal import Refusal

PREFIX = "REDRESS_"


def _allowed(zh: str, en: str) -> dict[str, Any]:
    """What a setting may be: completes the sentence "the setting … must be …"."""
    return {"zh": zh, "en": en}


_PORT = _allowed("1 到 65535 的整数", "a whole number from 1 to 65535")
_TEXT = _allowed("非空的文字", "a text that is not empty")
_URL = _allowed("以 http:// 或 https:// 开头的网址", "an address that begins with http:// or https://")

Port = Annotated[int, Field(ge=1, le=65535, json_schema_extra=_PORT)]
PortOrNone = Annotated[
    int,
    Field(
        ge=0,
        le=65535,
        json_schema_extra=_allowed("0（不启动）到 65535 的整数", "a whole number from 0 (none) to 65535"),
    ),
]
Text = Annotated[str, Field(min_length=1, json_schema_extra=_TEXT)]
Folder = Annotated[Path, Field(json_schema_extra=_allowed("文件夹的路径", "the path of a folder"))]
Flag = Annotated[bool, Field(json_schema_extra=_allowed("true 或 false", "true or false"))]


def _records_beside(data: dict[str, Any]) -> str:
    return f"sqlite:///{data['data_dir']}/records.db"


def _web_address(data: dict[str, Any]) -> str:
    return f"http://{data['web_host']}:{data['web_port']}"


class Settings(BaseSettings):
    """The settings, from variables named `REDRESS_` and the field's name in capitals; an empty one counts as
    unset.

    Durations say their unit. Paths are made absolute, so that the processes started later agree about them.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True, validate_default=True
    )

    data_dir: Folder = Path("var")
    policy: Text = "default"

    web_host: Text = "127.0.0.1"
    web_port: Port = 8000
    public_url: Annotated[str, Field(pattern=r"^https?://[^/\s]+", json_schema_extra=_URL)] = Field(
        default_factory=_web_address
    )

    temporal_address: Annotated[
        str | None,
        Field(pattern=r"^[^\s/]+:\d+$", json_schema_extra=_allowed("主机：端口", "host:port")),
    ] = None
    temporal_namespace: Text = "default"
    temporal_tls: Flag = False
    temporal_api_key: SecretStr | None = None
    temporal_port: Port = 7233
    temporal_ui_port: PortOrNone = 8233
    temporal_bin: Path | None = None
    task_queue: Text = "redress"
    retention_days: Annotated[
        int,
        Field(ge=1, le=3650, json_schema_extra=_allowed("1 到 3650 的天数", "a number of days from 1 to 3650")),
    ] = 90

    database_url: Annotated[
        str,
        Field(
            pattern=r"^(sqlite|postgresql)(\+\w+)?://",
            json_schema_extra=_allowed(
                "sqlite:// 或 postgresql:// 开头的数据库地址",
                "a database address that begins with sqlite:// or postgresql://",
            ),
        ),
    ] = Field(default_factory=_records_beside, repr=False)  # it may hold a password

    smtp_host: str | None = None
    smtp_port: Port = 25
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_tls: Annotated[
        Literal["none", "starttls", "tls"],
        Field(json_schema_extra=_allowed("none、starttls 或 tls", "none, starttls or tls")),
    ] = "none"
    smtp_timeout: Annotated[
        float,
        # Below the time that the workflow allows for one attempt, so that two never overlap.
        Field(gt=0, le=20, json_schema_extra=_allowed("0 到 20 之间的秒数", "a number of seconds up to 20")),
    ] = 20
    mail_from: Annotated[
        str,
        Field(
            pattern=r"^[^@\s]+@[^@\s]+$",
            json_schema_extra=_allowed("一个邮件地址", "an e-mail address"),
        ),
    ] = "redress@localhost"

    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(json_schema_extra=_allowed("debug、info、warning 或 error", "debug, info, warning or error")),
    ] = "info"
    log_format: Annotated[
        Literal["console", "json"], Field(json_schema_extra=_allowed("console 或 json", "console or json"))
    ] = "console"

    @field_validator("data_dir", "temporal_bin")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return path.expanduser().absolute() if path else None

    @field_validator("log_level", "log_format", "smtp_tls", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("public_url")
    @classmethod
    def _bare(cls, url: str) -> str:
        return url.rstrip("/")

    @property
    def embedded(self) -> bool:
        """Whether Redress runs its own Temporal server, since no other one was named."""
        return self.temporal_address is None

    @property
    def engine_address(self) -> str:
        """Where the Temporal server is, as host:port."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def local_url(self) -> str:
        """Where a process on this machine reaches the web server."""
        host = "127.0.0.1" if self.web_host in ("0.0.0.0", "::") else self.web_host  # noqa: S104 - compared, not bound
        return f"http://{f'[{host}]' if ':' in host else host}:{self.web_port}"

    @classmethod
    def load(cls) -> Self:
        """The settings of this process. Raises Refusal (exit code 2) naming the first that is wrong."""
        try:
            return cls()
        except ValidationError as error:
            raise _sentence(error) from None


def variable(field: str) -> str:
    """The environment variable of a setting."""
    return PREFIX + field.upper()


def _sentence(error: ValidationError) -> Refusal:
    # A default that builds on a wrong setting fails with it; the wrong setting is the one to name.
    causes = [each for each in error.errors() if each["type"] != "default_factory_not_called"]
    field = str(causes[0]["loc"][0])
    allowed = Settings.model_fields[field].json_schema_extra
    name = variable(field)
    if not isinstance(allowed, dict):
        return Refusal(f"设置 {name} 的值无效。", f"The setting {name} is not valid.", exit_code=2)
    return Refusal(f"设置 {name} 应为：{allowed['zh']}。", f"The setting {name} must be {allowed['en']}.", exit_code=2)
