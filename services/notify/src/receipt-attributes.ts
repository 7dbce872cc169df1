// What both ends of a receipt's way say about it, by OpenTelemetry's semantic conventions for messaging.

export function receiptAttributes(operation: 'send' | 'process'): Record<string, string> {
  return {
    'messaging.system': 'sqlite-outbox',
    'messaging.destination.name': 'receipts',
    'messaging.operation.type': operation,
    'messaging.operation.name': operation,
  };
}
