"""The application: the routes, and what surrounds them."""

from fastapi import Depends, FastAPI

from api.auth import check_permissions
from api.body import Bodies
from api.context import Context, Meters
from api.desk import Desk, OutboxReader, Services
from api.documenting import DocumentedApp
from api.errors import install, make_handler
from api.query import only_what_is_known
from api.routes import audit, complaints, handling, migration, operator, outbox, outlook, policies, portal, worklists

__all__ = ["OutboxReader", "Services", "create_app"]

ROUTERS = (
    complaints.router,
    handling.router,
    worklists.router,
    audit.router,
    portal.router,
    outbox.router,
    policies.router,
    migration.router,
    outlook.router,
    operator.router,
)
_DESCRIPTION = """\
投诉处理：每一项对客户的承诺都会兑现，或者被记录并升级。写操作可带 `Idempotency-Key`：相同的键和内容得到相同的答复。

Complaint handling: every promise to the customer is kept, or its breach is recorded and escalated.
Writes take an `Idempotency-Key`: the same key and body have the same answer.
"""


def create_app(services: Services) -> FastAPI:
    """The web application over what it is given. It starts whether or not the engine can be reached.

    Raises ValueError if an operation has no permissions, or the secret is too short.
    """
    check_permissions([route for router in ROUTERS for route in router.routes])
    app = DocumentedApp(
        title="Redress",
        description=_DESCRIPTION,
        version="0.2.0",
        redirect_slashes=False,
        dependencies=[Depends(only_what_is_known)],
    )
    app.state.services = services
    app.state.desk = Desk(services)
    app.state.meters = meters = Meters()
    handler = make_handler()
    install(app, handler)
    # The last one added is the outermost.
    app.add_middleware(Bodies, handler=handler)
    encrypted = services.public_url.startswith("https://")
    app.add_middleware(Context, handler=handler, meters=meters, encrypted=encrypted)
    for router in ROUTERS:
        app.include_router(router)
    return app
