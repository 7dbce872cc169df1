// GET /notifications/{id}: whether the receipt is still queued, sent, or given up.
import { Problem } from '@longpole/demo-chassis';
import type { RequestHandler } from 'express';
import type { NotifyParts } from './app.ts';

export function showNotification({ outbox }: NotifyParts): RequestHandler<{ id: string }> {
  return function showNotificationHandler(req, res) {
    const notification = outbox.find(req.params.id);
    if (!notification) throw unknownNotification(req.params.id);
    const { id, orderId, state } = notification;
    res.json({ notificationId: id, orderId, state });
  };
}

function unknownNotification(id: string): Problem {
  return new Problem({
    status: 404,
    code: 'unknown-notification',
    title: 'There is no such notification',
    detail: `No notification is called ${JSON.stringify(id)}.`,
  });
}
