# syntax=docker/dockerfile:1
# One image, three parts: kept api, kept worker and kept migrate are what it is told. See docs/operations/install.md.

ARG NODE=node:24.21.0-bookworm-slim

FROM ${NODE} AS build
WORKDIR /kept
COPY package.json package-lock.json .npmrc ./
# Needs no scripts of packages; ours is the next step but one.
RUN npm ci --ignore-scripts
COPY . .
RUN node build.mjs

FROM ${NODE} AS packages
WORKDIR /kept
COPY package.json package-lock.json .npmrc ./
# What only a laptop needs (PostgreSQL, a mail sink) is optional, and stays out.
RUN npm ci --omit=dev --omit=optional --ignore-scripts

FROM ${NODE}
# Temporal's client trusts whom the system trusts, and this base knows nobody.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production TZ=UTC
WORKDIR /kept
COPY --from=packages /kept/node_modules ./node_modules
COPY --from=build /kept/dist ./dist
COPY package.json LICENSE ./
COPY db/migrations ./db/migrations
# The image's user "node", by number, so that a cluster can see that it is not root. It writes nothing.
USER 1000:1000
EXPOSE 7400
ENTRYPOINT ["node", "/kept/dist/cli/main.js"]
CMD ["--help"]
