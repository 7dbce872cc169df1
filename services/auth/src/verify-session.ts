// POST /sessions/verify: whose token is this?
import { attributesOf, checkInput, doWork } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AuthParts } from './app.ts';

const input = z.strictObject({ token: z.string().min(1).max(4_096) });

export function verifySession({ faults, sessions }: AuthParts): RequestHandler {
  return async function verifySessionHandler(req, res) {
    const { token } = checkInput(input, req.body);
    await doWork(faults, res);
    const session = await sessions.verify(token);
    annotate(attributesOf(faults, { 'user.id': session.userId }));
    res.json(session);
  };
}
