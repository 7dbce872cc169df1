// An Express app in CommonJS with the one line that traces it.

const express = require('express');
const { tracing } = require('@longpole/express');
const { serve } = require('../serve.cjs');

const app = express();
app.use(tracing({ service: 'orders' }));
serve(app, express);
