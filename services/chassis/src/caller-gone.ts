// Tells a route that nobody waits for its answer any more.
import type { Response } from 'express';

/** A signal that aborts when the caller closes the connection before the answer is complete. */
export function callerGone(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new DOMException('The caller went away', 'AbortError'));
  });
  return gone.signal;
}
