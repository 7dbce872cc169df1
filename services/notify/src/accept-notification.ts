// POST /notifications: accepts a notification into the outbox and answers before the receipt is sent.
import { attributesOf, checkInput, doWork } from '@longpole/demo-chassis';
import { annotate, carryContext, withSpan } from '@longpole/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { NotifyParts } from './app.ts';
import type { NewNotification } from './outbox.ts';
import { receiptAttributes } from './receipt-attributes.ts';

const input = z
  .strictObject({
    orderId: z.string().min(1).max(100),
    userId: z.string().min(1).max(100),
    total: z.number().positive().max(1_000_000).multipleOf(0.01),
    currency: z.literal('EUR'),
  })
  .transform(({ orderId, userId, total }) => ({ orderId, userId, totalCents: Math.round(total * 100) }));

export function acceptNotification({ faults, outbox, worker }: NotifyParts): RequestHandler {
  /** With the context of its PRODUCER span, so that the job's trace can be linked to this request's. */
  function handOver(notification: NewNotification): { id: string } {
    const attributes = {
      ...receiptAttributes('send'),
      ...attributesOf(faults, { 'order.id': notification.orderId }),
    };
    return withSpan(
      'send receipt',
      attributes,
      () => outbox.add(notification, (jobId) => carryContext({ jobId })),
      { kind: 'PRODUCER' },
    );
  }

  return async function acceptNotificationHandler(req, res) {
    const notification = checkInput(input, req.body);
    annotate(attributesOf(faults, { 'order.id': notification.orderId }));
    await doWork(faults, res);
    const { id } = faults.makes('async') ? outbox.add(notification, () => ({})) : handOver(notification);
    worker.wake();
    annotate(attributesOf(faults, { 'notification.id': id }));
    res.status(202).location(`/notifications/${id}`).json({ notificationId: id, state: 'queued' });
  };
}
