from prm.api.resources import routes
from reviews.api import formulas, inviting, issues, minutes, plans, targets, views

urlpatterns = routes(
    reviews=views.Reviews,
    review_invitations=inviting.Invitations,
    rhythms=inviting.Rhythms,
    cadences=inviting.Cadences,
    review_topics=minutes.Topics,
    review_actions=minutes.Actions,
    issues=issues.Issues,
    causes=issues.Causes,
    goals=plans.Goals,
    objectives=plans.Objectives,
    marks=plans.Marks,
    targets=targets.Targets,
    company_objectives=plans.CompanyObjectives,
    surveys=views.Surveys,
    health=views.Healths,
    formulas=formulas.Formulas,
)
