// Mounting the middleware in ways that cannot work is answered with what to do instead.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { tracing } from '@longpole/express';
import express from 'express';
import request from 'supertest';

it('tells who forgot the parentheses what to write', async () => {
  const app = express();
  app.use(tracing as never);
  app.use(((error, _request, response, _next) => {
    response.status(500).send(error.message);
  }) satisfies express.ErrorRequestHandler);
  const { text } = await request(app).get('/').expect(500);
  expect(text).toContain('write app.use(tracing()), not app.use(tracing)');
});

it('says once when the stock instrumentations came too late to patch http', () => {
  const program = `
    import express from 'express';
    import { tracing } from '@longpole/express';
    const app = express();
    app.use(tracing({ service: 'late' }));
    app.use(tracing({ service: 'late' }));
  `;
  const { stderr } = spawnSync(
    process.execPath,
    ['--conditions=longpole-source', '--input-type=module', '--eval', program],
    {
      cwd: join(__dirname, '../..'),
      encoding: 'utf8',
      env: { ...process.env, LONGPOLE_INSTRUMENTATION: 'stock', OTEL_TRACES_EXPORTER: 'none' },
    },
  );
  const said = stderr.split('\n').filter((line) => line.includes('came too late'));
  expect(said).toEqual([expect.stringContaining('--import @longpole/express/register')]);
});
