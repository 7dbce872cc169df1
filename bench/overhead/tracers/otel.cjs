// OpenTelemetry as its documentation sets it up, with the instrumentations, theirs or ours, and the encoding that the runner names.
'use strict';

const { NodeSDK } = require('@opentelemetry/sdk-node');
const { HttpInstrumentation } = require('@opentelemetry/instrumentation-http');
const { ExpressInstrumentation } = require('@opentelemetry/instrumentation-express');

const isJson = process.env.BENCH_ENCODING === 'json';
const exporter = isJson
  ? require('@opentelemetry/exporter-trace-otlp-http')
  : require('@opentelemetry/exporter-trace-otlp-proto');
const wanted = (process.env.BENCH_INSTRUMENTATIONS ?? 'http,express').split(',');
const instrumentations = [];
if (wanted.includes('http')) instrumentations.push(new HttpInstrumentation());
if (wanted.includes('express')) instrumentations.push(new ExpressInstrumentation());
if (wanted.includes('longpole')) {
  const { createRequire } = require('node:module');
  const longpole = createRequire(`${process.env.BENCH_LONGPOLE}/package.json`)('@longpole/express');
  instrumentations.push(
    new longpole.HttpChannelInstrumentation(),
    new longpole.ExpressChannelInstrumentation(),
  );
}
new NodeSDK({ traceExporter: new exporter.OTLPTraceExporter(), instrumentations }).start();
