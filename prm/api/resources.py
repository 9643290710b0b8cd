"""The base of every resource, and the list of all of them.

A resource says which rows are seen (`seen`, always through `visible_to`), how one is told (`row`), what
lists are narrowed and sorted by; and, where something can be made or changed, what is read from the request
and which verb is called. Rules stand in the verbs, as for the pages.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django_filters import FilterSet
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from prm.access import found_or_404
from prm.api import paging
from prm.api.once import HEADER, Once
from prm.api.paging import Keyset, Slice
from prm.api.parsing import FilesParser, JsonParser
from prm.api.rows import Row, Told, plan
from prm.paging import Order

SORT = "sort"
WITH_FILES = (JsonParser, FilesParser)  # of resources that take files
USUAL_SORTS = {"id": Order("pk", nullable=False)}

Typed = dict[str, Any]
May = Callable[[Any, Any], None]
"""Refuses those who may not do something to a row: asked of the resource and the row before what they send
is read, so that who may not learns nothing of what it takes."""


class Resource(GenericViewSet[Any]):
    """What all resources share: who asks, which rows there are, one row told."""

    noun: ClassVar[str]
    words: ClassVar[str]  # what it is, in a sentence
    model: ClassVar[type[Model]]
    row: ClassVar[type[Row]]
    lookup_value_regex = "[0-9]{1,18}"
    pagination_class: type[Keyset] | None = Keyset
    filter_backends = [DjangoFilterBackend]
    filterset_class: ClassVar[type[FilterSet] | None] = None
    sorts: ClassVar[Mapping[str, Order]] = USUAL_SORTS
    first_sort: ClassVar[str] = "-id"

    def seen(self) -> QuerySet[Any]:
        """The rows that this person may see."""
        raise NotImplementedError

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        timezone.activate(ZoneInfo(self.user.zone))

    def finalize_response(self, *args: Any, **kwargs: Any) -> Any:
        timezone.deactivate()
        response = super().finalize_response(*args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response

    @property
    def user(self) -> Any:
        return self.request.user

    def get_queryset(self) -> QuerySet[Any]:
        return self.model._default_manager.none() if hasattr(self, "swagger_fake_view") else self.seen()

    def get_serializer_class(self) -> type[Row]:
        return self.row

    def thing(self, pk: Any, *related: str) -> Any:
        """The row of the address among those that are seen."""
        rows = self.seen()
        return found_or_404(rows.select_related(*related) if related else rows, pk=pk)

    def one(self, pk: Any) -> Told:
        """One row as it is told; 404 where it is not seen."""
        how = plan(self.row)
        found = list(self.seen().filter(pk=pk).order_by().values_list(*dict.fromkeys(how.paths))[:1])
        return how.told(found or [found_or_404(self.seen(), pk=pk)], self.user)[0]

    def typed(self, form: type[serializers.Serializer[Any]], sent: Any = None, **more: Any) -> Typed:
        """What the request says, cleaned; a field that cannot be read is named in the answer."""
        sent = self.request.data if sent is None else sent
        read = form(data=sent, context={"user": self.user, "view": self}, **more)
        unknown = set(sent) - {name for name, field in read.fields.items() if not field.read_only}
        if unknown:
            raise ValidationError({name: [_("There is no such field.")] for name in sorted(unknown)})
        read.is_valid(raise_exception=True)
        return dict(read.validated_data)

    def named_in(self, form: type[serializers.Serializer[Any]], field: str) -> Any:
        """What one field of the request names, by itself; None where it names nothing that is there."""
        sent: Any = self.request.data
        reads = form(context={"user": self.user, "view": self}).fields[field]
        try:
            return reads.run_validation(sent.get(field))
        except ValidationError:
            return None


class Reads(Resource):
    """A list and its rows."""

    def list(self, request: Request) -> Response:
        rows, previous, following = plan(self.row).page(
            self.narrowed(), self.order(), Slice.asked(self.address), self.user
        )
        return Response(
            {
                "next": self._address(after=following) if following else None,
                "previous": self._address(before=previous) if previous else None,
                "results": rows,
            }
        )

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(self.one(pk))

    @cached_property
    def address(self) -> QueryDict:
        """What the address asks; an empty value is as none, as on pages."""
        asked = QueryDict(mutable=True)
        for name, values in self.request.query_params.lists():
            if given := [value for value in values if value]:
                asked.setlist(name, given)
        return asked

    def narrowed(self) -> QuerySet[Any]:
        """The seen rows that the filters of the address leave; a filter that is not there is refused."""
        address = self.address
        known = set(self.filterset_class.base_filters) if self.filterset_class else set()
        refuse_unknown(self.request, known | set(paging.PARAMETERS) | {SORT})
        if not known & set(address):
            return self.seen()
        asked = self.filters(address, self.seen())
        if not asked.is_valid():
            raise ValidationError(asked.errors)
        return asked.qs

    def filters(self, address: QueryDict, rows: QuerySet[Any]) -> FilterSet:
        assert self.filterset_class is not None
        return self.filterset_class(address, rows)

    def order(self) -> Order:
        asked = self.address.get(SORT, self.first_sort)
        if asked.removeprefix("-") not in self.sorts:
            named = ", ".join(sorted(self.sorts))
            raise ValidationError({SORT: [_("Sort by one of: %(names)s.") % {"names": named}]})
        return replace(self.sorts[asked.removeprefix("-")], descending=asked.startswith("-"))

    def _address(self, **mark: str) -> str:
        address = self.address.copy()
        for name in ("after", "before"):
            address.pop(name, None)
        address.update(mark)
        return self.request.build_absolute_uri(f"?{address.urlencode()}")


def refuse_unknown(request: Request, known: Collection[str]) -> None:
    """A filter that is not there is refused."""
    if unknown := sorted(set(request.query_params) - set(known)):
        raise ValidationError({name: [_("There is no such filter; see /api/schema/.")] for name in unknown})


class Tells(Resource):
    """What is told as a whole, worked out for who asks: it has no rows of its own."""

    pagination_class = None
    filter_backends = []
    asks: ClassVar[Sequence[OpenApiParameter]] = ()  # what its address may say

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_unknown(request, {each.name for each in self.asks})

    def list(self, request: Request) -> Response:
        raise NotImplementedError


def whoever(resource: Resource, thing: Any) -> None:
    """Anybody with a token that may write."""


class Makes(Resource):
    """A row can be made: `make` calls the verb."""

    new: ClassVar[type[serializers.Serializer[Any]]]

    may_make: ClassVar[May] = whoever

    def make(self, typed: Typed) -> Any:
        raise NotImplementedError

    def create(self, request: Request) -> Response:
        once = Once(request, self)
        if before := once.told_again():
            return before
        type(self).may_make(self, None)
        typed = self.typed(self.new)
        with transaction.atomic():
            if before := once.spent():
                return before
            made = self.make(typed)
            once.done(made.pk)
        return Response(self.one(made.pk), status=201)

    def named(self, field: str) -> Any:
        """What one field of a new row names; None where it names nothing that is there."""
        return self.named_in(self.new, field)


class Changes(Resource):
    """A row can be changed: `change` calls the verb with what differs."""

    changed: ClassVar[type[serializers.Serializer[Any]]]

    may_change: ClassVar[May]

    def change(self, thing: Any, typed: Typed) -> None:
        raise NotImplementedError

    def partial_update(self, request: Request, pk: str) -> Response:
        thing = self.thing(pk)
        type(self).may_change(self, thing)
        typed = self.typed(self.changed, partial=True)
        with transaction.atomic():
            self.change(thing, typed)
        return Response(self.one(pk))


def file_of(
    words: str,
    act: Callable[[Any, Any], HttpResponseBase],
    name: str = "file",
    media_type: str = "application/octet-stream",
) -> Any:
    """`GET …/{id}/file/`: the file of a row, as a download."""

    def file(self: Resource, request: Request, pk: str) -> HttpResponseBase:
        return act(self, self.thing(pk))

    file.__name__ = name
    door = action(detail=True, methods=["get"], url_path=name, url_name=name)(file)
    return extend_schema(description=words, responses={(200, media_type): OpenApiTypes.BINARY})(door)


class Nothing(serializers.Serializer[Any]):
    """It asks nothing."""


class Drops(Resource):
    """A row can be taken out: `drop` calls the verb."""

    related: ClassVar[tuple[str, ...]] = ()
    dropped: ClassVar[type[serializers.Serializer[Any]]] = Nothing  # what its address may say

    def drop(self, thing: Any) -> None:
        raise NotImplementedError

    def destroy(self, request: Request, pk: str) -> Response:
        thing = self.thing(pk, *self.related)
        with transaction.atomic():
            self.drop(thing)
        return Response(status=204)

    def said(self) -> Typed:
        """What its address says. What is sent beside it is refused: a DELETE may lose it on its way."""
        if sent := sorted(self.request.data):
            raise ValidationError({name: [_("Say it in the address, as ?%s=…") % name] for name in sent})
        return self.typed(self.dropped, self.request.query_params.dict())


def step(
    may: May,
    form: type[serializers.Serializer[Any]] = Nothing,
    name: str = "",
    related: tuple[str, ...] = (),
    told_by: type[Resource] | None = None,
) -> Callable[[Callable[[Any, Any, Typed], Any]], Any]:
    """A step of one row, `POST …/{id}/<name>/`: `may` refuses those who may not, before what they send is
    read; the function calls the verb; the row answers, or the one that the function returns in its stead,
    which is one of another resource where it is `told_by` that."""

    def made(act: Callable[[Any, Any, Typed], Any]) -> Any:
        @wraps(act)
        def view(self: Resource, request: Request, pk: str) -> Response:
            teller = told_by(request=request) if told_by else self
            once = Once(request, teller)
            if before := once.told_again():
                return before
            thing = self.thing(pk, *related)
            may(self, thing)
            typed = self.typed(form)
            with transaction.atomic():
                if before := once.spent():
                    return before
                made = act(self, thing, typed)
                told = made.pk if isinstance(made, teller.model) else pk
                once.done(told)
            return Response(teller.one(told))

        words = (act.__doc__ or "").strip()
        asks = form if form is not Nothing else None
        path = name or act.__name__
        door: Any = action(detail=True, methods=["post"], url_path=path, url_name=path)(view)
        door.told_by = told_by
        return extend_schema(request=asks, description=words)(door)

    return made


@dataclass(frozen=True)
class Registered:
    """A resource and where it stands."""

    noun: str
    resource: type[Resource]

    @property
    def is_told(self) -> bool:
        """Whether it is told by itself, rather than steps of a resource of another app."""
        return issubclass(self.resource, (Reads, Tells))


_registered: list[Registered] = []


def routes(**resources: type[Resource]) -> list[Any]:
    """The addresses of these resources, below /api/v1/."""
    from rest_framework.routers import SimpleRouter

    router = SimpleRouter()
    for key, resource in resources.items():
        _registered.append(Registered(resource.noun, resource))
        router.register(resource.noun, resource, basename=f"api_{key}")
    return router.urls


def every() -> list[Registered]:
    """All resources there are, by name."""
    return sorted(_registered, key=lambda each: each.noun)


KEY_PARAMETER = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours: the same request sent twice with the same one is done once, and its row"
    " told again as it stands, with Idempotency-Replayed: true. Another request under it is refused (409).",
)
