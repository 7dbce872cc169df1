// An Express app in CommonJS that knows nothing of tracing.

const express = require('express');

const app = express();
const items = express.Router();
items.get('/:id', (_request, response) => response.send('done'));
app.use('/items', items);
app.get('/exit', (_request, response) => {
  response.on('close', () => process.exit(0));
  response.send('done');
});

const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`ready ${server.address().port}\n`));
