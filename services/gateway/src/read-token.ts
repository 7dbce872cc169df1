// Reads the session token out of the Authorization header.
import { Problem } from '@longpole/demo-chassis';

/** Throws a 401 `unauthenticated` Problem when there is no bearer token. Whether it counts is for auth to say. */
export function readToken(authorization: string | undefined): string {
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization ?? '')?.[1];
  if (token !== undefined) return token;
  throw new Problem({
    status: 401,
    code: 'unauthenticated',
    title: 'Nobody is signed in',
    detail:
      authorization === undefined
        ? 'The request has no Authorization header: send "authorization: Bearer <token>".'
        : 'The Authorization header holds no bearer token: send "authorization: Bearer <token>".',
    headers: { 'www-authenticate': 'Bearer realm="longpole-demo"' },
  });
}
