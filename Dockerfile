# The Atlas as an image: the data is built and checked when the image is made, so a wrong row fails here and not before readers.
FROM python:3.11-slim

WORKDIR /atlas
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

COPY .streamlit .streamlit
COPY atlas atlas
COPY data data
COPY pages pages
COPY dashboard.py LICENSE ./
RUN python -m compileall -q atlas pages dashboard.py && useradd --no-create-home --shell /usr/sbin/nologin atlas && install -d -o atlas build

USER atlas
RUN python -m atlas build

# Readers are never at the machine itself, whatever the Host header says; and Streamlit's greeting would ask another host for the address of this one.
ENV ATLAS_HOSTED=1 STREAMLIT_LOGGER_HIDE_WELCOME_MESSAGE=true PYTHONUNBUFFERED=1
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/readyz', timeout=4)"]
CMD ["streamlit", "run", "dashboard.py", "--server.address", "0.0.0.0", "--server.port", "8501"]
