// The active context, asked of our own context manager where that is the one of the process.

import { type Context, context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';

let own: OwnContextManager | undefined;

/** OpenTelemetry's manager. Whoever disables it, through the API too, has everybody ask the API again. */
class OwnContextManager extends AsyncLocalStorageContextManager {
  override disable(): this {
    if (own === this) own = undefined;
    return super.disable();
  }
}

/** Registers a manager, unless there is one. */
export function registerContextManager(): void {
  const manager = new OwnContextManager();
  if (context.setGlobalContextManager(manager.enable())) own = manager;
}

/** `context.active()`, which finds the manager anew with each call. A request asks a dozen times. */
export function activeContext(): Context {
  return own === undefined ? context.active() : own.active();
}
