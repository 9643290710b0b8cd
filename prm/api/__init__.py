"""Manners all resources of the API share: errors, paging, fields, one base view set, the OpenAPI document."""
