// A CLIENT span for a transaction on the stock, by OpenTelemetry's semantic conventions for database calls.
import { withSpan } from '@longpole/express';
import type { Statement } from './stock-statements.ts';

/** Runs `transaction`, which executes `statements`, in a span called `name`. */
export function inDatabaseSpan<T>(name: string, statements: readonly Statement[], transaction: () => T): T {
  const attributes = {
    'db.system.name': 'sqlite',
    'db.namespace': 'stock',
    'db.collection.name': 'products',
    ...operationOf(statements),
    'db.query.text': statements.map((statement) => statement.text).join('; '),
    'db.query.summary': statements.map((statement) => statement.summary).join('; '),
  };
  return withSpan(name, attributes, transaction, { kind: 'CLIENT' });
}

/** A batch is at least two statements (OpenTelemetry's database conventions, `db.operation.batch.size`). */
function operationOf(statements: readonly Statement[]): Record<string, string | number> {
  if (statements.length > 1) {
    return { 'db.operation.name': 'BATCH', 'db.operation.batch.size': statements.length };
  }
  return { 'db.operation.name': statements[0]?.summary.split(' ')[0] ?? '' };
}
