# syntax=docker/dockerfile:1
#
# The server, its pages, and a redis-server for when no REDIS_URL is given. compose.yaml puts a Redis beside it.
#   docker build -t wagewatch .
#
# In a container the default HOST, 127.0.0.1, is reached by nobody outside: see compose.yaml for the ways to
# serve it (the host's network with a proxy in front, or HOST=0.0.0.0 with an ACCESS_FILE).

FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --include=dev
COPY . .
RUN npm run build
# Lua scripts are read as they are when the server starts, each by its path from the root.
RUN mkdir /lua && find server -name '*.lua' -exec cp --parents -t /lua {} +

FROM node:20-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev

FROM node:20-bookworm-slim
# tini is the first process: it passes signals on and buries the dead, which node leaves to others. The font draws charts in reports.
RUN apt-get update \
 && apt-get install -y --no-install-recommends redis-server tini fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o node -g node -m 0700 /data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
COPY assets ./assets
COPY --from=build /lua ./
ENV NODE_ENV=production DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--"]
CMD ["node", "--enable-source-maps", "dist/program/main.js"]
