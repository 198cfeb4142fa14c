"""The letter itself: as PDF, and as pictures of its pages. Never kept by the browser."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.decorators import StaffRequest, right_required
from core import clock
from notices import delivery_log, frozen, letters
from notices.views.loading import notice_or_404


@require_safe
@right_required("notice.view")
def pdf(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code)
    name = letters.pdf_name(notice.code)
    return HttpResponse(
        frozen.pdf_of(notice, clock.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_safe
@right_required("notice.view")
def log(request: StaffRequest, code: str) -> HttpResponse:
    """What was handed over and what their servers said, with the copy in the archive."""
    notice = notice_or_404(request, code)
    context = {"notice": notice, "log": delivery_log.of(notice, clock.now())}
    return render(request, "notices/delivery_log.html", context)


@require_safe
@right_required("notice.view")
def log_pdf(request: StaffRequest, code: str) -> HttpResponse:
    notice = notice_or_404(request, code)
    name = delivery_log.file_name(notice)
    return HttpResponse(
        delivery_log.pdf_of(notice, clock.now()),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_safe
@right_required("notice.view")
def page(request: StaffRequest, code: str, number: int) -> HttpResponse:
    notice = notice_or_404(request, code)
    pages = letters.pdf_pages_png(frozen.pdf_of(notice, clock.now()))
    if not 1 <= number <= len(pages):
        raise Http404
    return HttpResponse(pages[number - 1], content_type="image/png")
