// Snapshots of tests that run at the same time, which Vitest knows only by the `expect` of each test.

import { captureTraces } from '@longpole/express/testing';
import supertest from 'supertest';
import { afterAll, describe, test } from 'vitest';
import { createInventory } from './apps';

const traces = captureTraces();
afterAll(() => traces.stop());

describe.concurrent('at the same time', () => {
  for (const item of ['lamp', 'table']) {
    test(`the ${item} has a snapshot of its own`, async ({ expect }) => {
      const response = await supertest(createInventory()).get(`/items/${item}`);
      expect(await traces.of(response)).toMatchTraceSnapshot({ attributes: false });
    });
  }
});
