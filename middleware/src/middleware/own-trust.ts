// Sees to it that what an application says of its callers holds for a request that nobody knew to be its own.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '@opentelemetry/api';
import { recordOf, requestRecordOf } from '../http/server-record.ts';
import { beginAgain } from '../http/server-span.ts';
import { appServiceOf, nameService } from '../shaping/index.ts';
import { type AppToken, appsOf } from '../shared/apps.ts';
import { sayOnce } from '../shared/say.ts';
import { holdEverywhere } from '../trust/boundary.ts';
import { readCallerAgain } from '../trust/read-caller.ts';

const CALLED_UNSEEN =
  'longpole: an application with trustInbound or baggage of its own was called by a function of another one, so what it says holds for all applications of this process from now on; say it in startTracing() to have it from the first request on';

/** The context to go on in, where the request has to begin once more; usually `undefined`. */
export function holdOwnTrust(
  app: AppToken,
  request: IncomingMessage,
  response: ServerResponse,
): Context | undefined {
  if (appsOf(request)?.includes(app) === false) holdEverywhere(app);
  const { trustedBy } = requestRecordOf(request) ?? {};
  const caller = trustedBy === undefined ? undefined : readCallerAgain(request, trustedBy);
  if (caller === undefined) return undefined;
  sayOnce(CALLED_UNSEEN);
  const before = recordOf(request)?.span;
  const service = appServiceOf(before?.spanContext());
  const context = beginAgain(caller, request, response);
  const span = recordOf(request)?.span;
  if (service !== undefined && span !== undefined && span !== before) nameService(span, service);
  return context;
}
