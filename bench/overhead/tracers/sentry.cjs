// Sentry as its documentation sets it up for Express, every request traced.
'use strict';

require('@sentry/node').init({ dsn: process.env.BENCH_DSN, tracesSampleRate: 1 });
