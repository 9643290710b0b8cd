from django.urls import path

from prm.api import schema

urlpatterns = [path("api/schema/", schema.schema, name="api_schema")]
