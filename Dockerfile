# Builds the image of one service of the demo: docker build --build-arg SERVICE=gateway --build-arg PORT=8080 .

FROM node:24-bookworm-slim AS dependencies
WORKDIR /app
# npm ci checks the lockfile against the manifest of every workspace, also of those it does not install.
COPY package.json package-lock.json .npmrc ./
COPY middleware/package.json middleware/
COPY observatory/package.json observatory/
COPY services/auth/package.json services/auth/
COPY services/chassis/package.json services/chassis/
COPY services/gateway/package.json services/gateway/
COPY services/inventory/package.json services/inventory/
COPY services/mesh/package.json services/mesh/
COPY services/notify/package.json services/notify/
COPY services/payment/package.json services/payment/
RUN npm ci --omit=dev --ignore-scripts \
      --workspace=middleware --workspace=services/chassis \
      --workspace=services/gateway --workspace=services/auth --workspace=services/inventory \
      --workspace=services/payment --workspace=services/notify \
    && npm cache clean --force

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data
# A named volume mounted here takes over the owner of this folder.
RUN mkdir /data && chown node:node /data
WORKDIR /app
COPY --from=dependencies /app/ ./
COPY middleware/ middleware/
COPY services/ services/

ARG SERVICE
ARG PORT
ENV HEALTH_URL=http://127.0.0.1:${PORT}/healthz
WORKDIR /app/services/${SERVICE}
USER node
EXPOSE ${PORT}
HEALTHCHECK --interval=5s --timeout=3s --start-period=30s --retries=5 \
  CMD ["node", "-e", "fetch(process.env.HEALTH_URL, { signal: AbortSignal.timeout(2000) }).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--conditions=longpole-source", "src/main.ts"]
