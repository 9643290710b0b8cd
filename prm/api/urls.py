from django.urls import path

from prm.api import index, schema

urlpatterns = [
    path("api/schema/", schema.schema, name="api_schema"),
    path("api/v1/", index.Index.as_view({"get": "contents"}), name="api_index"),
]
