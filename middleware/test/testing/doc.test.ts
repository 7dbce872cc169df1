// Every recipe of docs/testing.md holds, and so do its drawings; the whole files in it run in packed-testing.test.ts.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import express, { type Express } from 'express';
import request from 'supertest';
import { carryContext, runJob, tracing } from '../../src/index.ts';
import { captureTraces, matchers, shapeOf } from '../../src/testing.ts';
import { checkout, failed } from './support/checkout.ts';

const root = resolve(__dirname, '..', '..', '..');
const doc = readFileSync(join(root, 'docs', 'testing.md'), 'utf8');
const blocks = [...doc.matchAll(/```(\w*)\n([^`]*(?:`[^`]+`[^`]*)*)```/g)].map(([, language, text = '']) => ({
  language,
  text,
}));
const recipes = blocks.filter(({ language, text }) => language === 'js' && !text.startsWith('import '));
const drawings = blocks.filter(({ language }) => language === '');

const captured = captureTraces();
const servers: Server[] = [];
afterAll(async () => {
  for (const server of servers) server.close();
  await captured.stop();
});

/** An inventory that listens, so that a recipe can ask for its port. */
async function listening(app: Express): Promise<Server> {
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return server;
}

function inventoryApp(): Express {
  const app = express();
  app.use(tracing({ service: 'inventory' }));
  app.post('/reservations', (_request, response) => {
    response.end();
  });
  return app;
}

function createGateway(urls: { readonly inventory: string }): Express {
  const app = express();
  app.use(tracing({ service: 'gateway' }));
  app.get('/cart', async (_request, response) => {
    await (await fetch(`${urls.inventory}/reservations`, { method: 'POST' })).text();
    response.end();
  });
  app.post('/orders', (_request, response) => {
    const from = carryContext();
    setImmediate(() => void runJob({ name: 'process receipt', from }, () => undefined));
    response.end();
  });
  return app;
}

/** What the recipes name; those that wait for a response get real traces. */
async function surroundings(text: string): Promise<Record<string, unknown>> {
  const server = await listening(inventoryApp());
  const { port } = server.address() as { port: number };
  const app = createGateway({ inventory: `http://127.0.0.1:${port}` });
  const traces = text.includes('await traces') ? captured : { all: () => [checkout] };
  const inventory = { listen: () => server };
  return { expect, trace: checkout, declined: failed, traces, request, app, createGateway, inventory };
}

describe('docs/testing.md', () => {
  it('has a recipe for every matcher', () => {
    const text = recipes.map((recipe) => recipe.text).join('\n');
    expect(Object.keys(matchers).filter((name) => !text.includes(`.${name}(`))).toEqual([]);
    expect(recipes.length).toBeGreaterThanOrEqual(12);
  });

  it.each(recipes.map(({ text }) => [text.split('\n')[0], text]))('holds: %s', async (_first, text = '') => {
    const names = await surroundings(text);
    const body = `return (async () => { ${text} })()`;
    const act = new Function(...Object.keys(names), body) as (...values: unknown[]) => Promise<void>;
    await act(...Object.values(names));
  });

  it('draws what the matcher and the shape draw', () => {
    const golden = readFileSync(join(__dirname, 'golden', 'span-name.txt'), 'utf8');
    expect(drawings.map(({ text }) => text)).toEqual([golden, `${shapeOf(checkout)}\n`]);
  });
});
