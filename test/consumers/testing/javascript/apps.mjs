// A gateway and an inventory, as two Express applications that a test runs in one process.

import { annotate, tracing } from '@longpole/express';
import express from 'express';

export function createInventory() {
  const app = express();
  app.use(tracing({ service: 'inventory' }));
  app.get('/items/:id', (request, response) => {
    const left = Number(process.env.LEFT ?? 3);
    annotate({ 'item.left': left });
    response.json({ id: request.params.id, left });
  });
  return app;
}

export function createGateway(inventory) {
  const app = express();
  app.use(tracing({ service: 'gateway', attributes: { 'user.id': (request) => request.get('x-user-id') } }));
  app.get('/cart', async (_request, response) => {
    const items = await Promise.all(
      ['a', 'b'].map(async (id) => {
        const answer = await fetch(`${inventory}/items/${id}`);
        return await answer.json();
      }),
    );
    response.json({ items });
  });
  return app;
}
