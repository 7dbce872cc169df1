// The text of a receipt.
import type { Job } from './outbox.ts';

export function writeReceipt({ notification: { orderId, userId, totalCents } }: Job): string {
  return `Dear ${userId}, thank you for order ${orderId}: ${(totalCents / 100).toFixed(2)} EUR.`;
}
