// Two ways to mount the middleware that cannot work, and what to do instead.

import http, { IncomingMessage } from 'node:http';
import { LongpoleError } from '../shared/errors.ts';
import { sayOnce } from '../shared/say.ts';
import { sharedState } from '../shared/state.ts';

const TOO_LATE =
  'longpole: OpenTelemetry’s own instrumentations came too late, http is not patched: requests get no spans. Start the process with --import @longpole/express/register, or use instrumentation: ‘listen’';

/** @throws LongpoleError for `app.use(tracing)`, where Express hands a request to what should make the middleware */
export function refuseRequest(options: unknown): void {
  if (!(options instanceof IncomingMessage)) return;
  throw new LongpoleError(
    'ERR_LONGPOLE_INVALID_OPTION',
    'tracing was mounted without being called: write app.use(tracing()), not app.use(tracing).',
  );
}

/** Says once that the stock instrumentations were loaded after what they patch (shimmer marks what it wraps). */
export function warnIfTooLate(): void {
  const isPatched = (http.Server.prototype.emit as { __wrapped?: boolean }).__wrapped === true;
  if (sharedState().instrumentation === 'stock' && !isPatched) sayOnce(TOO_LATE);
}
