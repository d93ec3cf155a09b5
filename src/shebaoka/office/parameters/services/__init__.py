"""The writers of parameters and of the rules a region publishes."""

from shebaoka.office.parameters.services.publishing import Publishing, rules_publish
from shebaoka.office.parameters.services.setting import (
    NewSetting,
    Withdrawal,
    setting_set,
    setting_withdraw,
)

__all__ = (
    "NewSetting",
    "Publishing",
    "Withdrawal",
    "rules_publish",
    "setting_set",
    "setting_withdraw",
)
