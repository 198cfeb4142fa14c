from django.urls import path

from cases.views import cases, drafts, intake, links, looks, mandates, people, search, tasks

app_name = "cases"

urlpatterns = [
    path("cases/", cases.index, name="index"),
    path("cases/new/", intake.create, name="create"),
    path("cases/new/recognise/", intake.recognise, name="recognise"),
    path("cases/new/<uuid:draft_id>/", intake.edit, name="draft"),
    path("drafts/<uuid:draft_id>/", drafts.save, name="save_draft"),
    path("drafts/<uuid:draft_id>/conflict/", drafts.conflict, name="draft_conflict"),
    path("drafts/<uuid:draft_id>/discard/", drafts.discard, name="discard_draft"),
    path("drafts/<uuid:draft_id>/recover/", drafts.recover, name="recover_draft"),
    path("tasks/<uuid:task_id>/done/", tasks.finish, name="finish_task"),
    path("tasks/<uuid:task_id>/reopen/", tasks.reopen, name="reopen_task"),
    path("search/", search.search, name="search"),
    path("search/<uuid:token>/", search.results, name="results"),
    path("cases/<str:code>/", cases.detail, name="detail"),
    path("cases/<str:code>/note/", cases.add_note, name="add_note"),
    path("cases/<str:code>/pause/", cases.pause, name="pause"),
    path("cases/<str:code>/resume/", cases.resume, name="resume"),
    path("cases/<str:code>/close/", cases.close, name="close"),
    path("cases/<str:code>/reopen/", cases.reopen, name="reopen"),
    path("cases/<str:code>/assign/", cases.assign, name="assign"),
    path("cases/<str:code>/tasks/add/", tasks.add, name="add_task"),
    path("cases/<str:code>/answers/", tasks.answers, name="answers"),
    path("cases/<str:code>/under-18/", cases.under_18, name="under_18"),
    path("cases/<str:code>/contact/", people.safe, name="contact"),
    path("cases/<str:code>/contact/confirm/", people.confirm, name="confirm_contact"),
    path("cases/<str:code>/contact/show/", people.show, name="show_contact"),
    path("cases/<str:code>/contact/name/", people.show_name, name="show_name"),
    path("cases/<str:code>/contact/person/", people.person, name="person"),
    path("cases/<str:code>/agreed/", mandates.agreed, name="mandates"),
    path("cases/<str:code>/agreed/withdraw/", mandates.withdraw, name="withdraw"),
    path("cases/<str:code>/agreed/withdrawn/", mandates.withdrawn, name="withdrawn"),
    path("cases/<str:code>/links/add/", links.add, name="add_links"),
    path("cases/<str:code>/links/add/place/", links.add_place, name="add_place"),
    path("cases/<str:code>/links/add/here/", looks.quick_add, name="quick_add"),
    path("cases/<str:code>/links/add/<uuid:draft_id>/", links.choose, name="choose_links"),
    path(
        "cases/<str:code>/links/add/<uuid:draft_id>/tell/<int:n>/", links.tell, name="tell_shared"
    ),
    path("cases/<str:code>/links/mark/", looks.many, name="mark_links"),
    path("cases/<str:code>/links/<int:number>/", looks.detail, name="link"),
    path("cases/<str:code>/links/<int:number>/look/", looks.look, name="look"),
    path(
        "cases/<str:code>/links/<int:number>/look/<int:check_id>/undo/",
        looks.undo,
        name="undo_look",
    ),
    path("cases/<str:code>/links/<int:number>/remove/", looks.remove, name="remove_link"),
    path("cases/<str:code>/links/<int:number>/restore/", looks.restore, name="restore_link"),
]
