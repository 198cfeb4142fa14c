from django.urls import path

from notices.views import compose, detail, guide, outbox, papers, plan, queue, replies, review

app_name = "notices"

urlpatterns = [
    path("cases/<str:code>/plan/", plan.plan, name="plan"),
    path("notices/", queue.index, name="index"),
    path("notices/take-next/", queue.take_next, name="take_next"),
    path("notices/<str:code>/", detail.detail, name="detail"),
    path("notices/<str:code>/take/", queue.take, name="take"),
    path("notices/<str:code>/pass-on/", queue.pass_on, name="pass_on"),
    path("notices/<str:code>/edit/", compose.edit, name="edit"),
    path("notices/<str:code>/autosave/", compose.autosave, name="autosave"),
    path("notices/<str:code>/leave-out/", compose.leave_out, name="leave_out"),
    path("notices/<str:code>/review/", review.review, name="review"),
    path("notices/<str:code>/approve/", review.approve, name="approve"),
    path("notices/<str:code>/ask-changes/", review.ask_changes, name="ask_changes"),
    path("notices/<str:code>/refuse/", review.refuse, name="refuse"),
    path("notices/<str:code>/undo/", review.undo, name="undo"),
    path("notices/<str:code>/send/", review.send, name="send"),
    path("notices/<str:code>/guide/", guide.guide, name="guide"),
    path("notices/<str:code>/pdf/", papers.pdf, name="pdf"),
    path("notices/<str:code>/pages/<int:number>/", papers.page, name="page"),
    path("notices/<str:code>/withdraw/", detail.withdraw, name="withdraw"),
    path("notices/<str:code>/finish/", detail.finish, name="finish"),
    path("notices/<str:code>/again/", plan.again, name="again"),
    path("notices/<str:code>/links/<int:number>/look/", detail.look, name="look"),
    path("notices/<str:code>/links/<int:number>/undo/", detail.undo_look, name="undo_look"),
    path("notices/<str:code>/replies/new/", replies.add_reply, name="add_reply_to"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/stop/", outbox.stop, name="stop_sending"),
    path("outbox/resume/", outbox.resume, name="resume_sending"),
    path("outbox/<uuid:delivery_id>/left/", outbox.decide_left, name="decide_left"),
    path("outbox/<uuid:delivery_id>/again/", outbox.decide_send_again, name="decide_send_again"),
    path("replies/", replies.index, name="replies"),
    path("replies/new/", replies.add_reply, name="add_reply"),
    path("replies/<uuid:message_id>/", replies.reply, name="reply"),
    path("replies/<uuid:message_id>/file/", replies.file_reply, name="file_reply"),
    path("replies/<uuid:message_id>/unfile/", replies.unfile, name="unfile"),
    path("replies/<uuid:message_id>/match/", replies.match_reply, name="match_reply"),
]
