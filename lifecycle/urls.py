from django.urls import path

from lifecycle.growth.views import deals, pipeline
from lifecycle.views import board, evidence, moves, tasks

app_name = "lifecycle"
urlpatterns = [
    path("partners/board/", board.board, name="board"),
    path("partners/<int:pk>/road/", moves.road_page, name="road"),
    path("partners/<int:pk>/advance/", moves.advance, name="advance"),
    path("partners/<int:pk>/park/", moves.park, name="park"),
    path("partners/<int:pk>/unpark/", moves.unpark, name="unpark"),
    path("partners/<int:pk>/decline/", moves.decline, name="decline"),
    path("partners/<int:pk>/reopen/", moves.reopen, name="reopen"),
    path("partners/<int:pk>/end/", moves.end, name="end"),
    path("partners/<int:pk>/evidence/add/", evidence.add, name="evidence"),
    path("evidence/<int:pk>/file/", evidence.file, name="evidence_file"),
    path("evidence/<int:pk>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path("partners/<int:pk>/tasks/add/", tasks.add, name="task_add"),
    path("tasks/<int:pk>/done/", tasks.done, name="task_done"),
    path("tasks/<int:pk>/undone/", tasks.undone, name="task_undone"),
    path("tasks/<int:pk>/skip/", tasks.skip, name="task_skip"),
    path("deals/", deals.deals_page, name="deals"),
    path("deals.csv", deals.deals_csv, name="deals_csv"),
    path("deals/board/", deals.board, name="deals_board"),
    path("deals/<int:pk>/", deals.deal, name="deal"),
    path("deals/<int:pk>/edit/", deals.edit, name="deal_edit"),
    path("deals/<int:pk>/move/", deals.move, name="deal_move"),
    path("deals/<int:pk>/credit/", deals.credit, name="deal_credit"),
    path("deals/<int:pk>/primary/", deals.primary, name="deal_primary"),
    path("credits/<int:pk>/end/", deals.end_credit, name="credit_end"),
    path("partners/<int:pk>/deals/add/", deals.add, name="deal_add"),
    path("settings/deal-phases/", pipeline.phases, name="phases"),
    path("settings/deal-phases/<int:pk>/", pipeline.phase, name="phase"),
    *pipeline.PRODUCTS.urls(),
]
