FROM debian:12-slim AS build
WORKDIR /src
COPY scripts/setup scripts/setup
RUN scripts/setup build
COPY . .
RUN cmake --preset release && cmake --build build/release --target postern_program

FROM debian:12-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
        libboost-filesystem1.81.0 libboost-json1.81.0 libboost-url1.81.0 libcmark0.30.2 libfmt9 libgumbo1 libre2-9 libspdlog1.10 libsqlite3-0 libssl3 \
        libtomlplusplus3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /var/lib/postern --create-home postern
COPY --from=build /src/build/release/bin/postern /usr/bin/postern
COPY LICENSE /usr/share/doc/postern/copyright
USER postern
WORKDIR /var/lib/postern
VOLUME /var/lib/postern
ENTRYPOINT ["postern"]
CMD ["--help"]
