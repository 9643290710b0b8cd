from dashboards.api import coverage, figures
from prm.api.resources import routes

urlpatterns = routes(figures=figures.Figures, coverage=coverage.Coverage)
