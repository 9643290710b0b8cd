from django.urls import path

from conversations.views import asks, entries, log, policies, promises, threads

app_name = "conversations"
urlpatterns = [
    path("log/", log.log, name="log"),
    path("conversations/<int:pk>/", threads.conversation, name="conversation"),
    path("conversations/<int:pk>/reply/", threads.reply, name="reply"),
    path("conversations/<int:pk>/take-over/", threads.take_over, name="take_over"),
    path("conversations/<int:pk>/hand-over/", threads.hand_over, name="hand_over"),
    path("conversations/<int:pk>/resolve/", threads.resolve, name="resolve"),
    path("partners/<int:pk>/write/", threads.start, name="start"),
    path("waits/<int:pk>/no-reply-needed/", threads.no_reply_needed, name="no_reply_needed"),
    path("waits/<int:pk>/ask/", asks.of_wait, name="ask_for_wait"),
    path("promises/<int:pk>/ask/", asks.of_promise, name="ask_for_promise"),
    path("asks/<int:pk>/", asks.ask, name="ask"),
    path("asks/<int:pk>/withdraw/", asks.withdraw, name="withdraw_ask"),
    path("a/<str:token>/", asks.answer_ask, name="answer_ask"),
    path("messages/<int:pk>/withdraw/", threads.withdraw, name="withdraw"),
    path("messages/<int:pk>/correct/", entries.correct, name="correct"),
    path("messages/<int:pk>/confirm/", entries.confirm, name="confirm"),
    path("messages/<int:pk>/start-clock/", entries.start_clock, name="start_clock"),
    path("settings/policies/", policies.policies_page, name="policies"),
    path("settings/policies/add/", policies.add, name="policy_add"),
    path("settings/policies/preview/", policies.preview, name="policy_preview"),
    path("settings/policies/<int:pk>/", policies.policy, name="policy"),
    path("settings/policies/<int:pk>/off/", policies.switch_off, name="policy_off"),
    path("settings/policies/<int:pk>/on/", policies.switch_on, name="policy_on"),
    path("partners/<int:pk>/promises/add/", promises.add, name="promise_add"),
    path("promises/<int:pk>/", promises.promise, name="promise"),
    path("promises/<int:pk>/keep/", promises.keep, name="keep"),
    path("promises/<int:pk>/move/", promises.move, name="move"),
    path("promises/<int:pk>/break/", promises.break_, name="break"),
    path("promises/<int:pk>/withdraw/", promises.withdraw, name="withdraw_promise"),
]
