// Sessions: which tokens count, and why the others don't.

import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '@longpole/demo-chassis/testing';
import { base64url, SignJWT, UnsecuredJWT } from 'jose';
import { DEMO_SECRET } from '../src/demo.ts';
import { createSessions } from '../src/sessions.ts';

const NOW = Date.UTC(2026, 10, 22);
const HOUR_MS = 3_600_000;

function create(secret = DEMO_SECRET) {
  const clock = new ManualClock(NOW);
  return { clock, sessions: createSessions({ secret, clock }) };
}

/** A token that would count but for `changes`. */
function sign(changes: {
  algorithm?: string;
  secret?: string;
  subject?: string;
  issuer?: string;
  audience?: string;
  expires?: boolean;
}) {
  const token = new SignJWT({})
    .setProtectedHeader({ alg: changes.algorithm ?? 'HS256' })
    .setSubject(changes.subject ?? 'ada')
    .setIssuer(changes.issuer ?? 'longpole-demo')
    .setAudience(changes.audience ?? 'checkout');
  if (changes.expires !== false) token.setExpirationTime(NOW / 1_000 + 60);
  return token.sign(new TextEncoder().encode(changes.secret ?? DEMO_SECRET));
}

describe('a session', () => {
  test('is verified as the user it was issued to, for an hour', async () => {
    const { clock, sessions } = create();
    const { token, expiresAt } = await sessions.issue('grace');
    expect(expiresAt).toBe(new Date(NOW + HOUR_MS).toISOString());
    clock.advance(HOUR_MS - 1_000);
    expect(await sessions.verify(token)).toEqual({ userId: 'grace', expiresAt });
    clock.advance(1_000);
    await expect(sessions.verify(token)).rejects.toThrow(
      'The token has expired: POST /sessions for a new one.',
    );
  });

  test('does not count under another secret', async () => {
    const { token } = await create('another secret').sessions.issue('ada');
    await expect(create().sessions.verify(token)).rejects.toMatchObject({
      status: 401,
      code: 'unauthenticated',
      message: expect.stringContaining('AUTH_SECRET'),
    });
  });

  test('made by hand counts, which shows what the refusals below are about', async () => {
    expect(await create().sessions.verify(await sign({}))).toMatchObject({ userId: 'ada' });
  });

  test.each([
    ['of another shop', { issuer: 'elsewhere' }, 'its claim "iss" does not fit'],
    ['for another audience', { audience: 'admin' }, 'its claim "aud" does not fit'],
    ['of nobody', { subject: 'mallory' }, 'Nobody is called "mallory" here.'],
    ['signed another way', { algorithm: 'HS512' }, 'The token is not a JWT signed with HS256.'],
    ['without an end', { expires: false }, 'its claim "exp" does not fit'],
  ])('%s does not count', async (_what, changes, detail) => {
    const verify = create().sessions.verify(await sign(changes));
    await expect(verify).rejects.toMatchObject({ status: 401, message: expect.stringContaining(detail) });
  });

  test('with one altered letter does not count', async () => {
    const { sessions } = create();
    const { token } = await sessions.issue('ada');
    const [header, , signature] = token.split('.');
    const payload = base64url.encode(JSON.stringify({ sub: 'grace', exp: 9_999_999_999 }));
    await expect(sessions.verify(`${header}.${payload}.${signature}`)).rejects.toMatchObject({ status: 401 });
  });

  test.each([
    ['that is unsigned', new UnsecuredJWT({}).setSubject('ada').setExpirationTime('1h').encode()],
    ['that is no token', 'letters'],
    ['that is empty inside', '..'],
  ])('%s does not count', async (_what, token) => {
    await expect(create().sessions.verify(token)).rejects.toMatchObject({
      status: 401,
      message: 'The token is not a JWT signed with HS256.',
    });
  });
});
