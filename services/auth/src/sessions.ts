// Sessions as signed tokens (JWT, HS256): issued to a demo user, verified by signature, issuer, audience and time.
import { type Clock, Problem, systemClock } from '@longpole/demo-chassis';
import { errors, jwtVerify, SignJWT } from 'jose';
import { DEMO_USERS } from './demo.ts';

const ISSUER = 'longpole-demo';
const AUDIENCE = 'checkout';
const LIFETIME_SECONDS = 3_600;

export interface Sessions {
  /** A token for `userId` that is valid for an hour. */
  issue(userId: string): Promise<{ token: string; expiresAt: string }>;
  /** The user the token was issued to. Rejects with a 401 `unauthenticated` Problem. */
  verify(token: string): Promise<{ userId: string; expiresAt: string }>;
}

export interface SessionsOptions {
  readonly secret: string;
  readonly clock?: Clock;
}

export function createSessions({ secret, clock = systemClock }: SessionsOptions): Sessions {
  const key = new TextEncoder().encode(secret);
  const checks = {
    algorithms: ['HS256'],
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ['exp', 'sub'],
  };

  return {
    async issue(userId) {
      const issuedAt = Math.floor(clock.now() / 1_000);
      const expiresAt = issuedAt + LIFETIME_SECONDS;
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
        .setSubject(userId)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt: toIsoTime(expiresAt) };
    },

    async verify(token) {
      const { payload } = await jwtVerify(token, key, {
        ...checks,
        currentDate: new Date(clock.now()),
      }).catch((error: unknown) => {
        throw unauthenticated(describeRefusal(error), error);
      });
      const userId = payload.sub ?? '';
      if (!DEMO_USERS.has(userId)) throw unauthenticated(`Nobody is called ${JSON.stringify(userId)} here.`);
      return { userId, expiresAt: toIsoTime(payload.exp ?? 0) };
    },
  };
}

/** The answer to a token or a password that does not count. */
export function unauthenticated(detail: string, cause?: unknown): Problem {
  return new Problem({
    status: 401,
    code: 'unauthenticated',
    title: 'Nobody is signed in',
    detail,
    headers: { 'www-authenticate': 'Bearer realm="longpole-demo", error="invalid_token"' },
    cause,
  });
}

function describeRefusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'The token has expired: POST /sessions for a new one.';
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'The signature of the token does not match its content, or it was signed with another AUTH_SECRET.';
  }
  if (error instanceof errors.JWTClaimValidationFailed) {
    return `The token was not issued for this shop: its claim ${JSON.stringify(error.claim)} does not fit.`;
  }
  if (error instanceof errors.JOSEError) return 'The token is not a JWT signed with HS256.';
  throw error;
}

function toIsoTime(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
