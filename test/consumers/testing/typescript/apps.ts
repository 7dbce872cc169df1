// A gateway and an inventory, as two Express applications that a test runs in one process.

import { annotate, tracing } from '@longpole/express';
import express, { type Express, type Request } from 'express';

export function createInventory(): Express {
  const app = express();
  app.use(tracing({ service: 'inventory' }));
  app.get('/items/:id', (request, response) => {
    const left = Number(process.env['LEFT'] ?? 3);
    annotate({ 'item.left': left });
    response.json({ id: request.params.id, left });
  });
  return app;
}

export function createGateway(inventory: string): Express {
  const app = express();
  app.use(
    tracing<Request>({
      service: 'gateway',
      attributes: { 'user.id': (request) => request.get('x-user-id') },
    }),
  );
  app.get('/cart', async (_request, response) => {
    const items = await Promise.all(['a', 'b'].map((id) => ask(`${inventory}/items/${id}`)));
    response.json({ items });
  });
  return app;
}

async function ask(url: string): Promise<unknown> {
  const answer = await fetch(url);
  return await answer.json();
}
