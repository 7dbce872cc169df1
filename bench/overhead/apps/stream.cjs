// Sends the body of each request back as it comes.
'use strict';

const { pipeline } = require('node:stream');
const express = require('express');
const { mountTracer, serve } = require('./agent.cjs');

const app = express();
mountTracer(app);
app.post('/echo', (request, response, next) => {
  pipeline(request, response, (error) => {
    if (error && !response.headersSent) next(error);
  });
});
serve(app);
