# Two small images from one build: `--target ingest-service` and `--target bot-service`.

FROM rust:1.95-slim-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock rust-toolchain.toml ./
COPY .cargo .cargo
COPY shared/Cargo.toml shared/
COPY ingest-service/Cargo.toml ingest-service/
COPY bot-service/Cargo.toml bot-service/
COPY dev/simulator/Cargo.toml dev/simulator/
COPY dev/e2e/Cargo.toml dev/e2e/
COPY dev/xtask/Cargo.toml dev/xtask/
# Empty crates first: the layer of the dependencies changes only when a manifest does.
RUN for crate in shared ingest-service bot-service dev/simulator dev/e2e dev/xtask; do \
        mkdir -p "$crate/src" && touch "$crate/src/lib.rs"; \
    done \
    && for crate in ingest-service bot-service dev/xtask; do echo 'fn main() {}' > "$crate/src/main.rs"; done \
    && cargo build --release --locked -p ingest-service -p bot-service
COPY . .
RUN touch shared/src/lib.rs ingest-service/src/*.rs bot-service/src/*.rs \
    && cargo build --release --locked -p ingest-service -p bot-service

FROM debian:bookworm-slim AS base
RUN useradd --system --uid 10001 --no-create-home service \
    && mkdir -p /logs && chown service /logs
USER service
WORKDIR /tmp

FROM base AS ingest-service
COPY --from=build /src/target/release/ingest-service /usr/local/bin/
ENTRYPOINT ["ingest-service"]

FROM base AS bot-service
COPY --from=build /src/target/release/bot-service /usr/local/bin/
ENTRYPOINT ["bot-service"]
