# The golive worker. The playbook's commands run in this image: it needs the tools they need.
#   docker compose build --build-arg COMMAND_PACKAGES="git python3 openssh-client"
FROM node:20.19.5-bookworm-slim AS build
WORKDIR /opt/golive
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20.19.5-bookworm-slim
ARG COMMAND_PACKAGES="ca-certificates git python3"
RUN apt-get update && apt-get install --yes --no-install-recommends ${COMMAND_PACKAGES} && rm -rf /var/lib/apt/lists/*
# The SDK has many threads: with the usual number of arenas the heap is a third larger for nothing.
ENV MALLOC_ARENA_MAX=2
ENV NODE_ENV=production GOLIVE_HOME=/var/lib/golive GOLIVE_PLAYBOOK=/etc/golive/golive.yaml
WORKDIR /opt/golive
COPY --from=build /opt/golive/package.json ./
COPY --from=build /opt/golive/node_modules node_modules
COPY --from=build /opt/golive/dist dist
COPY deploy/worker-keeper.sh /usr/local/bin/worker-keeper
# A new named volume takes over owner and mode of the folder it covers.
RUN chmod 755 /usr/local/bin/worker-keeper && install -d -o node -g node -m 700 /var/lib/golive
USER node
VOLUME /var/lib/golive
ENTRYPOINT ["worker-keeper"]
# Of a heap that may grow to 4 GiB Node lets most be garbage. A thousand go-lives in hypercare run in 1 GiB (docs/performance.md); in MiB.
CMD ["node", "--max-old-space-size=1024", "--max-semi-space-size=4", "--enable-source-maps", "dist/src/cli/main.js", "worker"]
