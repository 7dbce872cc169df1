// The query API and the page, as one Express app.
import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { TraceStore } from '../store/index.ts';
import { checkHost } from './check-host.ts';
import { homePage, STYLE_SOURCE } from './home-page.ts';
import { legacyRoutes, sendLegacyError } from './legacy-routes.ts';
import { onlyFromHere } from './only-from-here.ts';
import { pageFiles } from './page/page-files.ts';
import { pageRoutes } from './page/page-routes.ts';
import { sendJson } from './send-json.ts';
import { unknownRoute } from './unknown-route.ts';
import { v3Routes } from './v3-routes.ts';

export interface ApiOptions {
  readonly store: TraceStore;
  /** What `GET /api/longpole/stats` answers. */
  readonly stats: () => object;
  /** Where traces go, for the page. */
  readonly otlpUrl: () => string;
  /** Names beside localhost and IP addresses under which the server may be reached. Defaults to none. */
  readonly allowedHosts?: readonly string[];
  /** Folder of the built page. Without it a plain list of the newest traces is at `/`. */
  readonly pageFolder?: string;
  /** Where the demo's mesh takes the panel's questions. Defaults to none. */
  readonly demoUrl?: string;
  /** Milliseconds since the Unix epoch. Defaults to `Date.now`. */
  readonly clock?: () => number;
}

const NEWEST = 20;

/** The headers of every answer; styles come from files, and from where `styles` allows besides. */
function safeHeaders(styles: readonly string[]): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        ...(styles.length > 0 && { styleSrc: ["'self'", ...styles] }),
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    xFrameOptions: { action: 'deny' },
    // The server speaks plain HTTP.
    strictTransportSecurity: false,
  });
}

const noStore: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store');
  next();
};

export interface Api {
  readonly app: Express;
  /** Ends the answers that would go on for ever. */
  close(): void;
}

/** Builds the app; nothing listens yet. */
export function createApi(options: ApiOptions): Api {
  const { store, stats, otlpUrl, allowedHosts = [], clock = Date.now } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const styles = options.pageFolder === undefined ? [STYLE_SOURCE] : [];
  app.use(safeHeaders(styles), noStore, checkHost(allowedHosts));
  app.get('/healthz', (req, res) => sendJson(req, res, { status: 'ok' }));
  app.get('/api/longpole/stats', (req, res) => sendJson(req, res, stats()));
  const nowNs = (): bigint => BigInt(Math.floor(clock())) * 1_000_000n;
  const page = pageRoutes({ store, otlpUrl, nowNs, demoUrl: options.demoUrl });
  app.use('/api/longpole', onlyFromHere, page.router);
  app.use('/api/v3', v3Routes(store));
  app.use('/api', legacyRoutes(store, nowNs));
  if (options.pageFolder !== undefined) app.use(pageFiles(options.pageFolder));
  else {
    app.get('/', (_req, res) => {
      res.type('html').send(homePage(otlpUrl(), store.newest(NEWEST)));
    });
    app.get('/trace/:traceId', (req, res) => {
      res.redirect(`/api/traces/${encodeURIComponent(req.params.traceId)}?prettyPrint=true`);
    });
  }
  app.use(unknownRoute('the page is at / and the API at /api'));
  app.use(sendLegacyError);
  return { app, close: page.close };
}
