# A stand-in for the official prometheus image: the two programs of Debian's package, as Debian built them.
ARG BASE
FROM ${BASE} AS package
WORKDIR /package
RUN apt-get update -qq && apt-get download -qq prometheus promtool && \
    for package in *.deb; do dpkg -x "$package" .; done

FROM ${BASE}
COPY --from=package /package/usr/bin/prometheus /package/usr/bin/promtool /usr/bin/
RUN install -d -o nobody -g nogroup /prometheus /etc/prometheus
LABEL org.opencontainers.image.title="Local stand-in for prometheus, made by Afloat's infra/offline; not the official image" \
      afloat.stand-in=prometheus
USER nobody
WORKDIR /prometheus
VOLUME /prometheus
EXPOSE 9090
ENTRYPOINT ["prometheus"]
CMD ["--config.file=/etc/prometheus/prometheus.yml", "--storage.tsdb.path=/prometheus"]
