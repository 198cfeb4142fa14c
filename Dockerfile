FROM python:3.11-slim-bookworm

# The letters are set by Pango; the fonts are the fallbacks for scripts that the product's own lack.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt

COPY . .
RUN useradd --system --uid 10001 --home-dir /nonexistent recourse \
    && install -d -o recourse -g recourse -m 700 /data

ENV VAR_DIR=/data \
    DJANGO_SETTINGS_MODULE=config.settings \
    PYTHONUNBUFFERED=1
USER recourse
EXPOSE 8000
CMD ["gunicorn", "config.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", \
     "--threads", "4", "--no-control-socket", "--graceful-timeout", "20"]
