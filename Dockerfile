# The app as one image: web, workers and scheduler differ by their command (see docker-compose.yml).
FROM node:20-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build

FROM python:3.12-slim AS packages
COPY requirements/pdf.txt /tmp/pdf.txt
RUN python -m venv /opt/prm \
    && /opt/prm/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/pdf.txt

FROM python:3.12-slim
ENV PATH=/opt/prm/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=prm.production \
    STATIC_ROOT=/app/collected \
    VAR_DIR=/var/lib/prm \
    HOST=0.0.0.0 \
    PORT=8000
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home prm && install -d -o prm -g prm -m 750 /var/lib/prm
WORKDIR /app
COPY --from=packages /opt/prm /opt/prm
COPY . .
COPY --from=assets /app/static/dist static/dist
RUN DJANGO_SETTINGS_MODULE=prm.settings VAR_DIR=/tmp/build python manage.py collectstatic --no-input \
    && rm -r /tmp/build
USER prm
VOLUME /var/lib/prm
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/ready', timeout=4)"]
CMD ["python", "-m", "prm.programs", "web"]
