"""What a deployment sets for the office: environment variables, listed in docs/reference/settings.md."""

import os
import secrets
from dataclasses import dataclass, field, fields
from pathlib import Path

from shebaoka.spec.model import Text

MODES = ("test", "production")


class ConfigurationError(ValueError):
    """A setting is missing or makes no sense: one line that names the variable."""


def _setting(variable: str, default: str, zh: str, en: str) -> str:
    value: str = field(default=default, metadata={"variable": variable, "text": Text(zh, en)})
    return value


@dataclass(frozen=True)
class Configuration:
    """The settings as texts; the properties below read them. Secrets do not show in ``repr``."""

    mode: str = _setting("SHEBAOKA_MODE", "test", "测试或生产", "test or production")
    folder: str = _setting(
        "SHEBAOKA_FOLDER",
        "var/office",
        "数据、密钥和文件的目录",
        "where the office keeps database, files and its own secrets",
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "",
        "PostgreSQL 服务器；留空则启动自带的数据库",
        "a PostgreSQL server, postgresql://user:password@host:port/name; empty: one of its own",
    )
    secret_key: str = _setting(
        "SHEBAOKA_SECRET_KEY",
        "",
        "签名密钥；留空则生成并保存在目录中",
        "signs cookies and links, at least 50 characters; empty: made once and kept in the folder",
    )
    audit_key: str = _setting(
        "SHEBAOKA_AUDIT_KEY",
        "",
        "签署审计检查点的 Ed25519 私钥文件（PEM）；留空则生成并保存在目录中",
        "file of the Ed25519 key (PEM) that signs audit checkpoints; empty: made once, in the folder",
    )
    hosts: str = _setting(
        "SHEBAOKA_HOSTS",
        "127.0.0.1,localhost,[::1]",
        "允许的主机名，逗号分隔",
        "host names the office answers to, comma between",
    )
    secure: str = _setting(
        "SHEBAOKA_HTTPS",
        "no",
        "是否只经 HTTPS 提供（yes/no）",
        "yes: cookies and links only over HTTPS (a proxy in front ends TLS and sets X-Forwarded-Proto)",
    )
    log_level: str = _setting("SHEBAOKA_LOG_LEVEL", "INFO", "日志级别", "DEBUG, INFO, WARNING or ERROR")
    log_format: str = _setting(
        "SHEBAOKA_LOG_FORMAT",
        "auto",
        "日志格式：json、plain 或 auto（终端上用 plain）",
        "json: one object a line; plain: for eyes; auto: plain on a terminal",
    )
    metrics_token: str = _setting(
        "SHEBAOKA_METRICS_TOKEN",
        "",
        "读取 /metrics 的令牌；生产环境留空则不提供",
        "the bearer token for /metrics, at least 20 characters; empty: not served in production",
    )
    statement_seconds: str = _setting(
        "SHEBAOKA_STATEMENT_SECONDS",
        "30",
        "一条 SQL 语句的最长时间（秒）",
        "longest time of one SQL statement of a page",
    )
    migration_seconds: str = _setting(
        "SHEBAOKA_MIGRATION_SECONDS",
        "600",
        "升级时一条 SQL 语句的最长时间（秒）",
        "longest time of one SQL statement of a migration",
    )
    national_base: str = _setting(
        "SHEBAOKA_NATIONAL_BASE",
        "",
        "全国持卡库的地址；留空则不连接，变更留待发送",
        "address of the national base of cardholders, https://...; empty: none, changes wait",
    )
    national_token: str = _setting(
        "SHEBAOKA_NATIONAL_TOKEN",
        "",
        "访问全国持卡库的令牌",
        "the bearer token for the national base",
    )
    workers: str = _setting("SHEBAOKA_WORKERS", "2", "服务进程数", "server processes")
    reader_port: str = _setting(
        "SHEBAOKA_READER_PORT",
        "12342",
        "经办和持卡人计算机上读卡服务的端口",
        "port of the reader service on the computers of clerks and holders",
    )

    def __repr__(self) -> str:
        return f"<configuration, {self.mode}>"

    @property
    def production(self) -> bool:
        """Whether simulators, test keys and demonstration people are refused."""
        return self.mode == "production"

    @property
    def path(self) -> Path:
        """The folder, absolute."""
        return Path(self.folder).resolve()

    @property
    def https(self) -> bool:
        """Whether everything goes over HTTPS."""
        return self.secure == "yes"

    @property
    def host_names(self) -> list[str]:
        """The names the office answers to."""
        return [name.strip() for name in self.hosts.split(",") if name.strip()]


def read_configuration(environment: dict[str, str] | None = None) -> Configuration:
    """The configuration of this process. Raises ConfigurationError naming the variable."""
    source = os.environ if environment is None else environment
    values = {
        each.name: source.get(each.metadata["variable"], str(each.default)) for each in fields(Configuration)
    }
    configuration = Configuration(**values)
    if configuration.mode not in MODES:
        raise ConfigurationError(f"SHEBAOKA_MODE is test or production, not {configuration.mode!r}")
    if configuration.secure not in ("yes", "no"):
        raise ConfigurationError(f"SHEBAOKA_HTTPS is yes or no, not {configuration.secure!r}")
    for name, value in (
        ("SHEBAOKA_STATEMENT_SECONDS", configuration.statement_seconds),
        ("SHEBAOKA_MIGRATION_SECONDS", configuration.migration_seconds),
        ("SHEBAOKA_WORKERS", configuration.workers),
    ):
        if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= 3600:
            raise ConfigurationError(f"{name} is a whole number from 1 to 3600, not {value!r}")
    port = configuration.reader_port
    if not port.isascii() or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise ConfigurationError(f"SHEBAOKA_READER_PORT is a port from 1 to 65535, not {port!r}")
    if configuration.log_level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ConfigurationError("SHEBAOKA_LOG_LEVEL is DEBUG, INFO, WARNING or ERROR")
    if configuration.secret_key and len(configuration.secret_key) < 50:
        raise ConfigurationError("SHEBAOKA_SECRET_KEY has fewer than 50 characters")
    if configuration.log_format not in ("json", "plain", "auto"):
        raise ConfigurationError("SHEBAOKA_LOG_FORMAT is json, plain or auto")
    if configuration.metrics_token and len(configuration.metrics_token) < 20:
        raise ConfigurationError("SHEBAOKA_METRICS_TOKEN has fewer than 20 characters")
    if configuration.national_base and not configuration.national_base.startswith(
        ("https://", "http://127.0.0.1:", "http://localhost:")
    ):
        raise ConfigurationError("SHEBAOKA_NATIONAL_BASE begins with https://")
    if configuration.production and not configuration.https:
        raise ConfigurationError("SHEBAOKA_HTTPS must be yes in production")
    return configuration


def secret_key(configuration: Configuration) -> str:
    """The signing key: as set, or made once and kept in the folder (0600)."""
    if configuration.secret_key:
        return configuration.secret_key
    path = configuration.path / "secret-key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text("ascii")
