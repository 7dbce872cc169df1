// A service with three middlewares and one axios call to another service.
'use strict';

const { Agent } = require('node:http');
const axios = require('axios');
const { serve } = require('./agent.cjs');
const { makeHop } = require('./hop-app.cjs');

const client = axios.create({ httpAgent: new Agent({ keepAlive: true }), proxy: false });
serve(makeHop(client, process.env.BENCH_TARGET));
