"""All routes of the API, one module a resource."""

from litestar import Router

from winnow.shells.http.routes import (
    bulk,
    cases,
    decisions,
    feedback,
    forms,
    health,
    incidents,
    keys,
    leads,
    letters,
    lists,
    log,
    observing,
    oidc,
    people,
    rules,
    rulesets,
    search,
    session,
    shadows,
    today,
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
            *today.ROUTES,
            *search.ROUTES,
            *decisions.ROUTES,
            *cases.ROUTES,
            *bulk.ROUTES,
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
            *oidc.ROUTES,
            *letters.ROUTES,
            *log.ROUTES,
            *forms.ROUTES,
        ],
    )
]
