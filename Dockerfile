# figreel as a service: a user of its own, nothing to write but /tmp and /cache.
#
#   docker build -t figreel .
#   docker run --read-only --tmpfs /tmp -v figreel-cache:/cache --cap-drop ALL --security-opt no-new-privileges \
#       --memory 2g --pids-limit 64 -p 8080:8080 figreel

FROM python:3.13-slim AS build
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY renderer renderer
COPY server server
RUN python -m venv /opt/figreel && /opt/figreel/bin/pip install --no-cache-dir '.[server,progress,fast]'

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home figreel && install -d -o figreel /cache
COPY --from=build /opt/figreel /opt/figreel
# matplotlib keeps its list of fonts in a folder that it must be able to write. numpy would start a thread for each core
# in each process, which drawing does not need and a limit of processes may not allow.
ENV PATH=/opt/figreel/bin:$PATH \
    MPLBACKEND=agg \
    MPLCONFIGDIR=/tmp/matplotlib \
    OPENBLAS_NUM_THREADS=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FIGREEL_HOST=0.0.0.0 \
    FIGREEL_CACHE_FOLDER=/cache \
    FIGREEL_LOG_FORMAT=json
USER figreel
EXPOSE 8080
STOPSIGNAL SIGTERM
# Without urllib, which would ask a proxy that the environment names.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import http.client, os; \
        server = http.client.HTTPConnection('127.0.0.1', int(os.environ.get('FIGREEL_PORT', 8080)), timeout=4); \
        server.request('GET', '/readyz'); raise SystemExit(server.getresponse().status != 200)"]
ENTRYPOINT ["figreel", "serve"]
