// A test that fails: its message is checked.

import { once } from 'node:events';
import { test } from 'node:test';
import { captureTraces, expectTrace } from '@longpole/express/testing';
import { createInventory } from '../javascript/apps.mjs';

test('fails', async () => {
  await using traces = captureTraces();
  const server = createInventory().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(`http://127.0.0.1:${server.address().port}/items/7`);
  await response.text();
  server.close();
  expectTrace(await traces.of(response)).toHaveSpan('GET /item/:id', { service: 'inventory' });
});
