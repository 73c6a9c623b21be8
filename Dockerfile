# The container image. What is in it is decided by image/ alone: the build stage runs the same script as `make image`, and
# the last stage is nothing but the folder that it made. No shell, no package manager, no root.
FROM node:26.10.0-bookworm-slim AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils
WORKDIR /build
ARG SOURCE_DATE_EPOCH=0
COPY package.json package-lock.json ./
RUN npm ci --no-fund --no-audit
COPY LICENSE tsconfig.json ./
COPY bundle/ bundle/
COPY image/ image/
COPY crds/ crds/
COPY certs/ certs/
COPY reconcilers/ reconcilers/
COPY webhooks/ webhooks/
COPY src/ src/
RUN node image/rootfs.ts /rootfs

FROM scratch
COPY --from=build /rootfs/ /
LABEL org.opencontainers.image.title="backup-maker-controller" \
      org.opencontainers.image.description="Kubernetes operator that checks backup declarations at kubectl apply and turns them into backup and restore Jobs" \
      org.opencontainers.image.source="https://github.com/riotkit-org/backup-maker-controller" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
ENV MALLOC_ARENA_MAX="2" \
    NODE_ENV="production" \
    PATH="/usr/local/bin"
USER 65532:65532
WORKDIR /app
EXPOSE 9443 8080 8081
ENTRYPOINT ["/usr/local/bin/node", "--max-semi-space-size=4", "--optimize-for-size", "/app/lib/bmc.js"]
CMD ["--help"]
