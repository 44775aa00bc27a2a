# Two small images from one build, `--target ingest-service` and `--target bot-service`, and the proxy's.

# As it comes, but not as root. A volume of its own: in the image's own folder nobody else can write.
FROM caddy:2.10 AS proxy
RUN install -d -o 10001 /certificates
USER 10001

# The manifests alone, with empty crates: the layer of the dependencies changes only when a manifest does.
FROM rust:1.95-slim-bookworm AS manifests
WORKDIR /src
COPY . .
RUN find . -type f ! -name Cargo.toml ! -name Cargo.lock ! -name rust-toolchain.toml ! -path './.cargo/*' -delete \
    && for manifest in $(find . -mindepth 2 -name Cargo.toml); do \
        crate=$(dirname "$manifest"); \
        mkdir -p "$crate/src"; \
        touch "$crate/src/lib.rs"; \
        echo 'fn main() {}' > "$crate/src/main.rs"; \
    done \
    && find . -depth -type d -empty -delete

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY --from=manifests /src .
RUN cargo build --release --locked -p ingest-service -p bot-service
COPY . .
ARG GIT_COMMIT
RUN touch shared/src/lib.rs ingest-service/src/*.rs bot-service/src/*.rs \
    && cargo build --release --locked -p ingest-service -p bot-service

FROM debian:bookworm-slim AS base
RUN useradd --system --uid 10001 --no-create-home service \
    && install -d -o service /files /logs /spool
USER 10001
WORKDIR /tmp

FROM base AS ingest-service
COPY --from=build /src/target/release/ingest-service /usr/local/bin/
ENTRYPOINT ["ingest-service"]

FROM base AS bot-service
COPY --from=build /src/target/release/bot-service /usr/local/bin/
ENTRYPOINT ["bot-service"]
