// How a service makes the mistakes `noise` and `attributes`: the places where its code would be told to do better.
import { AsyncResource } from 'node:async_hooks';
import { withSpan } from '@longpole/express';
import type { RequestHandler } from 'express';
import type { Faults } from './faults.ts';

type Values = Readonly<Record<string, string | number>>;

/** `values` for a span; nothing when the service makes the mistake `attributes`. */
export function attributesOf(faults: Faults, values: Values): Values {
  return faults.makes('attributes') ? {} : values;
}

/** `work` for each of `items`, each in a span called `name` when the service makes the mistake `noise`. */
export function forEachItem<Item, Result>(
  faults: Faults,
  name: string,
  items: readonly Item[],
  work: (item: Item) => Result,
): Result[] {
  return items.map((item) => (faults.makes('noise') ? withSpan(name, () => work(item)) : work(item)));
}

/** `handler`, in a span of its own when the service makes the mistake `noise`. */
export function noisy<Handler extends RequestHandler<never>>(faults: Faults, handler: Handler): Handler {
  const run = handler as unknown as RequestHandler;
  const wrapped: RequestHandler = (req, res, next) => {
    if (!faults.makes('noise')) return run(req, res, next);
    // What comes after this handler is not part of its span.
    const proceed = AsyncResource.bind(next);
    return withSpan(`middleware ${handler.name}`, async () => {
      const left = Promise.withResolvers<void>();
      res.once('close', left.resolve);
      const done: unknown = run(req, res, (error?: unknown) => {
        left.resolve();
        proceed(error);
      });
      await (done instanceof Promise ? done : left.promise);
    });
  };
  return wrapped as unknown as Handler;
}
