# One image for every Python service; the command says which: `python -m services.products`.

FROM python:3.13-slim-trixie AS build
COPY requirements/services.lock /build/
RUN python -m venv --without-pip /opt/venv && \
    pip --python /opt/venv/bin/python install --quiet --no-cache-dir --no-deps --only-binary :all: \
        --require-hashes -r /build/services.lock
COPY resilience /app/resilience
COPY chassis /app/chassis
COPY services /app/services
# Compiled here, once: the running container's file system is read-only.
RUN python -m compileall -q --invalidation-mode unchecked-hash /app

FROM python:3.13-slim-trixie
# pip's options were for the build: an index's address may hold a password.
RUN rm -f /etc/pip.conf && useradd --uid 10001 --home-dir /app --no-create-home --no-log-init --shell /usr/sbin/nologin afloat
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 AFLOAT_LISTEN_HOST=0.0.0.0
USER afloat
EXPOSE 8000
CMD ["python", "-m", "services.products"]
