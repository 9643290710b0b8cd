from prm.api.resources import routes
from team.api import leaves, lists, notices, views

urlpatterns = routes(
    leaves=leaves.Leaves,
    notices=notices.Notices,
    people=views.People,
    rates=views.Rates,
    regions=lists.Regions,
    verticals=lists.Verticals,
)
