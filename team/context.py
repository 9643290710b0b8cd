"""What the shell around every page needs."""

from typing import Any

from django.http import HttpRequest

from team.models import Company


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"company": Company.objects.first}
