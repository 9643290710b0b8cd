from django.urls import path

from portal.views import (
    conversations,
    deals,
    decisions,
    digests,
    home,
    learn,
    passes,
    plan,
    referrals,
    registrations,
)

app_name = "portal"
urlpatterns = [
    path("p/<str:token>/", home.home, name="home"),
    path("p/<str:token>/write/", home.write, name="write"),
    path("p/<str:token>/record/", home.record, name="record"),
    path("p/<str:token>/conversations/<int:pk>/", conversations.conversation, name="conversation"),
    path("p/<str:token>/conversations/<int:pk>/reply/", conversations.reply, name="reply"),
    path("p/<str:token>/decisions/", decisions.decisions, name="decisions"),
    path("p/<str:token>/decisions/<int:pk>/contest/", decisions.contest, name="contest"),
    path("p/<str:token>/decisions/<int:pk>/take-back/", decisions.take_back, name="take_back_appeal"),
    path("p/<str:token>/attachments/<int:pk>/", conversations.attachment, name="attachment"),
    path("p/<str:token>/deals/", deals.deals, name="deals"),
    path("p/<str:token>/referrals/", referrals.referrals, name="referrals"),
    path("p/<str:token>/referrals/<int:pk>/", referrals.answer, name="answer_referral"),
    path("p/<str:token>/registrations/", registrations.registrations, name="registrations"),
    path("p/<str:token>/registrations/add/", registrations.register, name="register"),
    path(
        "p/<str:token>/registrations/<int:pk>/take-back/",
        registrations.take_back,
        name="take_back_registration",
    ),
    path("p/<str:token>/plan/", plan.plan, name="plan"),
    path("p/<str:token>/plan/tasks/<int:pk>/", plan.finish, name="finish_task"),
    path("p/<str:token>/plan/files/<int:pk>/", plan.task_file, name="task_file"),
    path("p/<str:token>/learn/", learn.learn, name="learn"),
    path("p/<str:token>/learn/<int:pk>/", learn.course, name="course"),
    path("p/<str:token>/learn/<int:pk>/hand-in/", learn.hand_in, name="hand_in"),
    path("p/<str:token>/learn/files/<int:pk>/", learn.lesson_file, name="lesson_file"),
    path("contacts/<int:pk>/passes/", passes.passes, name="passes"),
    path("passes/<int:pk>/end/", passes.end, name="end_pass"),
    path("p/digest/<str:token>/", digests.digest, name="digest"),
    path("partners/<int:pk>/digest/", digests.switch, name="switch_digest"),
]
