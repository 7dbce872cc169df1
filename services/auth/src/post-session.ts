// POST /sessions: signs a demo user in and answers with a token.
import { createHash, timingSafeEqual } from 'node:crypto';
import { attributesOf, checkInput } from '@longpole/demo-chassis';
import { annotate } from '@longpole/express';
import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { AuthParts } from './app.ts';
import { DEMO_USERS } from './demo.ts';
import { unauthenticated } from './sessions.ts';

const input = z.strictObject({ userId: z.string().min(1).max(64), password: z.string().min(1).max(256) });

export function postSession({ faults, sessions }: AuthParts): RequestHandler {
  return async function postSessionHandler(req, res) {
    const { userId, password } = checkInput(input, req.body);
    if (!isPassword(userId, password)) throw unauthenticated('User and password do not belong together.');
    annotate(attributesOf(faults, { 'user.id': userId }));
    res.status(201).json({ userId, ...(await sessions.issue(userId)) });
  };
}

function isPassword(userId: string, password: string): boolean {
  const expected = DEMO_USERS.get(userId);
  const isEqual = timingSafeEqual(digest(password), digest(expected ?? ''));
  return isEqual && expected !== undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
