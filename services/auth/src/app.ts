// The auth service: issues sessions and verifies them.
import { allowOnly, createServiceApp, noisy, type ServiceParts } from '@longpole/demo-chassis';
import type { Express } from 'express';
import { postSession } from './post-session.ts';
import type { Sessions } from './sessions.ts';
import { verifySession } from './verify-session.ts';

export interface AuthParts extends ServiceParts {
  readonly sessions: Sessions;
}

export function createApp(parts: AuthParts): Express {
  const readiness = {
    signing: async () => parts.sessions.verify((await parts.sessions.issue('ada')).token),
  };
  return createServiceApp({ ...parts, readiness }, (app) => {
    app
      .route('/sessions')
      .post(noisy(parts.faults, postSession(parts)))
      .all(allowOnly('POST'));
    app
      .route('/sessions/verify')
      .post(noisy(parts.faults, verifySession(parts)))
      .all(allowOnly('POST'));
  });
}
