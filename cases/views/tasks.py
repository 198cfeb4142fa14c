"""Things to do in a case, and questions that were put off."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import may
from accounts.decorators import StaffRequest, right_required
from cases import answering, tasklist
from cases.forms.cases import TaskForm
from cases.forms.intake import AnswersForm
from cases.models import Task
from cases.views import typed
from cases.views.loading import case_or_404
from core import clock
from core.errors import RuleBroken
from core.messages import offer_undo


@right_required("case.edit")
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, code: str) -> HttpResponse:
    case = case_or_404(request, code, "case.edit")
    form = TaskForm(typed.posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        midnight = datetime.combine(said["due_on"], time.min) if said["due_on"] else None
        due_at = timezone.make_aware(midnight) if midnight else None
        at = clock.now()
        tasklist.put_on(case, said["what"], request.user, at, calls=said["calls"], due_at=due_at)
        messages.success(request, _("It is on your list."))
        return redirect(case.get_absolute_url())
    page = {"case": case, "form": form, "at": clock.now()}
    return render(request, "cases/task.html", page, status=422 if form.errors else 200)


@right_required("case.edit")
@require_http_methods(["GET", "POST"])
def answers(request: StaffRequest, code: str) -> HttpResponse:
    """Answer what was put off, or what has changed since."""
    case = case_or_404(request, code, "case.edit")
    form = AnswersForm(typed.posted(request), initial=answering.known(case))
    page = {"case": case, "form": form, "version": case.version, "at": clock.now()}
    if request.method != "POST" or not form.is_valid():
        return render(request, "cases/answers.html", page, status=422 if form.errors else 200)
    try:
        version = typed.version(request)
        answering.answer(case, form.cleaned_data, version, request.user, clock.now())
    except RuleBroken as no:
        form.add_error(None, no.sentence)
        return render(request, "cases/answers.html", page, status=409)
    messages.success(request, _("The answers are saved."))
    return redirect(case.get_absolute_url())


@right_required("task.finish")
@require_POST
def finish(request: StaffRequest, task_id: UUID) -> HttpResponse:
    return _set(request, task_id, is_done=True)


@right_required("task.finish")
@require_POST
def reopen(request: StaffRequest, task_id: UUID) -> HttpResponse:
    return _set(request, task_id, is_done=False)


def _set(request: StaffRequest, task_id: UUID, *, is_done: bool) -> HttpResponse:
    visible = Task.objects.visible_to(request.user).select_related("case")
    task = get_object_or_404(visible, pk=task_id)
    verb: Any = tasklist.done if is_done else tasklist.not_done
    try:
        verb(task, request.user, clock.now())
    except RuleBroken as no:
        messages.error(request, no.sentence)
    else:
        if is_done:
            offer_undo(request, _("Done."), reverse("cases:reopen_task", args=[task.pk]))
    opens_case = task.case is not None and may(request.user, "case.view", task.case)
    return redirect(task.case.get_absolute_url() if task.case and opens_case else "insights:today")
