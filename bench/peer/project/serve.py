"""The same server that Caseline has: uvicorn, and pages through WSGI in as many threads."""

import os
import socket

import uvicorn
from a2wsgi import WSGIMiddleware
from django.core.wsgi import get_wsgi_application

application = WSGIMiddleware(get_wsgi_application(), workers=int(os.environ["PEER_THREADS"]))
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listener.bind(("127.0.0.1", 0))
listener.listen(2048)
print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
config = uvicorn.Config(application, log_level="error", lifespan="off", server_header=False)
uvicorn.Server(config).run(sockets=[listener])
