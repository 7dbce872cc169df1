// What everybody may know about the demo: its secret and its users. Set AUTH_SECRET for a secret of your own.

/** The default of AUTH_SECRET. Public on purpose, so that the documented token works for everyone. */
export const DEMO_SECRET = 'longpole-demo-secret-not-for-production';

/** Passwords by user id. */
export const DEMO_USERS: ReadonlyMap<string, string> = new Map([
  ['ada', 'lovelace'],
  ['grace', 'hopper'],
  ['edsger', 'dijkstra'],
]);
