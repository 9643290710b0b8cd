"""What a view behind `login_required` is handed."""

from django.http import HttpRequest

from team.models import User


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User
