"""What is asked in the room of a ceremony, and to begin one."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.custody.rooms.wire import Question
from shebaoka.office.desk.custody.forms import line
from shebaoka.vault.ceremony.samples import SampleKind

_HIDDEN = {"autocomplete": "off", "spellcheck": "false", "class": "code"}


class QuestionForm(OfficeForm):
    """The answer to what the room asks. ``question``: its id, so that an answer never goes to another one."""

    question = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, *args: Any, asked: Question, text: str, **values: Any) -> None:
        super().__init__(*args, initial={"question": asked.id}, **values)
        if asked.kind == "ask":
            self.fields["text"] = forms.CharField(
                label=text, max_length=60, widget=forms.TextInput({"autocomplete": "off"})
            )
        elif asked.kind == "secret":
            self.fields["text"] = forms.CharField(
                label=text,
                max_length=2 * asked.digits,
                widget=forms.PasswordInput(_HIDDEN),
                help_text=_(
                    "It is not shown, not written down anywhere, and forgotten once the key is made."
                ),
            )


class OpeningForm(OfficeForm):
    """How a ceremony begins. ``vaults``: names, and whether each asks for its secret."""

    vault = forms.ChoiceField(label=gettext_lazy("Vault"))
    secret = forms.CharField(
        label=gettext_lazy("Passphrase, PIN or password of the vault"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Only where the settings of the deployment do not say where it comes from."),
    )
    sample = forms.ChoiceField(label=gettext_lazy("Test of the keys on a sample card"))
    reader_3des = line(
        gettext_lazy("Reader with the blank 3DES card"),
        120,
        gettext_lazy("Name or number of the PC/SC reader at the server."),
        required=False,
    )
    reader_sm4 = line(gettext_lazy("Reader with the blank SM4 card"), 120, required=False)
    reason = line(gettext_lazy("Why there is no test"), 200, required=False)

    def __init__(self, *args: Any, vaults: dict[str, bool], **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("vault", [(name, name) for name in vaults])
        if not any(vaults.values()):
            del self.fields["secret"]
        kinds = [(SampleKind.CARD.value, _("Blank cards in readers"))]
        if not settings.PRODUCTION:
            kinds.append((SampleKind.SIMULATED.value, _("Simulated cards, for tests only")))
        self.offer("sample", [*kinds, (SampleKind.NONE.value, _("No test, with the reason"))])


class ClosingForm(OfficeForm):
    """What is needed to close an interrupted ceremony."""

    secret = forms.CharField(
        label=gettext_lazy("Passphrase, PIN or password of the vault"),
        required=False,
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=gettext_lazy("Needed only when it stopped just where the keys were stored."),
    )
