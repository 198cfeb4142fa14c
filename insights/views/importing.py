"""Old spreadsheets as a page: the same as `manage.py import_history`."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts.decorators import StaffRequest, right_required
from core import clock
from core.errors import RuleBroken
from core.uploads import accepts_csv
from notices.history import COLUMNS, import_history

CSV_LIMIT = 5 * 1_048_576
BAD_SHOWN = 200


@accepts_csv(limit=CSV_LIMIT)
@right_required("history.import")
def import_page(request: StaffRequest) -> HttpResponse:
    context: dict[str, object] = {"columns": COLUMNS}
    if request.method == "POST":
        try:
            result = import_history(
                _text(request), request.user, clock.now(), strict="strict" in request.POST
            )
        except RuleBroken as broken:
            context["problem"] = broken.sentence
        else:
            context |= {
                "result": result,
                "bad": result.bad[:BAD_SHOWN],
                "more_bad": max(0, len(result.bad) - BAD_SHOWN),
                "kept_nothing": bool("strict" in request.POST and result.bad),
            }
    return render(request, "insights/import.html", context)


def _text(request: StaffRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        raise RuleBroken(_("Choose a CSV file first."))
    try:
        return str(file.read(), "utf-8-sig")
    except UnicodeDecodeError as error:
        raise RuleBroken(_("This file is not UTF-8 text. Save it as CSV UTF-8.")) from error
