"""All routes of the API, one module a resource."""

from litestar import Router

from winnow.shells.http.routes import (
    cases,
    decisions,
    feedback,
    forms,
    health,
    incidents,
    keys,
    leads,
    lists,
    log,
    observing,
    people,
    rules,
    rulesets,
    session,
    shadows,
    webhooks,
)

#: Every handler that Litestar serves, in one router: registered one by one, handlers of the same address would be
#: wrapped for their thread once for each of them, and what comes of the call never awaited.
ROUTES = [
    Router(
        "/",
        route_handlers=[
            *health.ROUTES,
            *observing.ROUTES,
            *leads.ROUTES,
            *decisions.ROUTES,
            *cases.ROUTES,
            *feedback.ROUTES,
            *lists.ROUTES,
            *rules.ROUTES,
            *rulesets.ROUTES,
            *shadows.ROUTES,
            *webhooks.ROUTES,
            *incidents.ROUTES,
            *keys.ROUTES,
            *people.ROUTES,
            *session.ROUTES,
            *log.ROUTES,
            *forms.ROUTES,
        ],
    )
]
