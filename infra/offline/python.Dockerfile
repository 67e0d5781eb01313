# A stand-in for the official python image: Debian's Python and pip where the official one has its own build.
ARG BASE
FROM ${BASE}
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY pip.conf /etc/pip.conf
# Debian keeps pip away from its own Python; here, as in the official image, Python is there for pip to install into.
RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && \
    ln -s /usr/bin/python3 /usr/local/bin/python && \
    ln -s /usr/bin/python3 /usr/local/bin/python3
ENV LANG=C.UTF-8
LABEL org.opencontainers.image.title="Local stand-in for python, made by Afloat's infra/offline; not the official image" \
      afloat.stand-in=python
CMD ["python3"]
