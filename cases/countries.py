"""Countries a person may live in, their emergency numbers, and languages we can be asked for."""

from django.utils.translation import gettext_lazy as _

# ISO 3166-1 alpha-2, name, emergency number
_COUNTRIES = (
    ("AT", _("Austria"), "112"), ("AU", _("Australia"), "000"), ("BE", _("Belgium"), "112"),
    ("BG", _("Bulgaria"), "112"), ("BR", _("Brazil"), "190"), ("CA", _("Canada"), "911"),
    ("CH", _("Switzerland"), "112"), ("CY", _("Cyprus"), "112"), ("CZ", _("Czechia"), "112"),
    ("DE", _("Germany"), "112"), ("DK", _("Denmark"), "112"), ("EE", _("Estonia"), "112"),
    ("ES", _("Spain"), "112"), ("FI", _("Finland"), "112"), ("FR", _("France"), "112"),
    ("GB", _("United Kingdom"), "999"), ("GR", _("Greece"), "112"), ("HR", _("Croatia"), "112"),
    ("HU", _("Hungary"), "112"), ("IE", _("Ireland"), "112"), ("IN", _("India"), "112"),
    ("IS", _("Iceland"), "112"), ("IT", _("Italy"), "112"), ("JP", _("Japan"), "110"),
    ("KR", _("South Korea"), "112"), ("LI", _("Liechtenstein"), "112"),
    ("LT", _("Lithuania"), "112"), ("LU", _("Luxembourg"), "112"), ("LV", _("Latvia"), "112"),
    ("MA", _("Morocco"), "19"), ("MT", _("Malta"), "112"), ("MX", _("Mexico"), "911"),
    ("NL", _("Netherlands"), "112"), ("NO", _("Norway"), "112"), ("NZ", _("New Zealand"), "111"),
    ("PL", _("Poland"), "112"), ("PT", _("Portugal"), "112"), ("RO", _("Romania"), "112"),
    ("RS", _("Serbia"), "192"), ("SE", _("Sweden"), "112"), ("SI", _("Slovenia"), "112"),
    ("SK", _("Slovakia"), "112"), ("TN", _("Tunisia"), "197"), ("TR", _("Türkiye"), "112"),
    ("UA", _("Ukraine"), "112"), ("US", _("United States"), "911"),
    ("ZA", _("South Africa"), "10111"),
)  # fmt: skip
COUNTRIES = tuple((code, name) for code, name, _number in _COUNTRIES)
EMERGENCY = {code: number for code, _name, number in _COUNTRIES}
# In their own words, as somebody who speaks them looks for them.
LANGUAGES = (
    ("en", "English"), ("fr", "Français"), ("nl", "Nederlands"), ("it", "Italiano"),
    ("de", "Deutsch"), ("es", "Español"), ("ar", "العربية"), ("pl", "Polski"),
    ("pt", "Português"), ("ro", "Română"), ("tr", "Türkçe"), ("uk", "Українська"),
)  # fmt: skip
