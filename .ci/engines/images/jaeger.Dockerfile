# Stands in for Jaeger's published image: the published one is Alpine, of which the health check needs Busybox's wget.
FROM longpole-engines/bookworm-slim AS debian
FROM scratch
COPY --from=debian /bin/busybox /bin/busybox
RUN ["/bin/busybox", "--install", "/bin"]
COPY ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY jaeger-linux /cmd/jaeger/jaeger-linux
ENV JAEGER_LISTEN_HOST=0.0.0.0
VOLUME ["/tmp"]
USER 10001
ENTRYPOINT ["/cmd/jaeger/jaeger-linux"]
EXPOSE 4317 4318 13133 16686
