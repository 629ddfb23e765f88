"""One small hierarchy: every error knows its HTTP status and says what to do."""

from __future__ import annotations

from collections.abc import Sequence


class CaituError(Exception):
    """Base of all errors that are shown to a user.

    Parameters
    ----------
    message
        What is wrong and what to do about it, in the interface language.
    """

    status = 500
    title = "服务器内部错误"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class DataError(CaituError):
    """A table or file of ours does not keep its contract."""

    title = "数据有误"


class PortInUse(CaituError):
    """The address to listen on belongs to another program."""

    title = "端口已被占用"


class NotFound(CaituError):
    """The thing asked for is not in the published snapshot."""

    status = 404
    title = "没有找到"


class BadParameter(CaituError):
    """A query parameter, or its value, is not one we know.

    Parameters
    ----------
    name
        The parameter as it was given.
    value
        Its value, or None where the parameter itself is unknown.
    allowed
        What would have been accepted, in reading order.
    reason
        Overrides the sentence derived from the others.
    """

    status = 400
    title = "查询条件有误"

    def __init__(
        self, name: str, value: str | None, allowed: Sequence[str], reason: str = ""
    ) -> None:
        self.name = name
        self.value = value
        self.allowed = tuple(allowed)
        if reason:
            message = reason
        elif value is None:
            message = f"没有名为“{name}”的查询参数，请改用下列参数之一。"
        else:
            message = f"参数 {name} 不接受“{value}”，请改用下列值之一。"
        super().__init__(message)
