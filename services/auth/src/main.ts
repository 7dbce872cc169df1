// Starts the auth service.
import { readVariable, runService, textVariable } from '@longpole/demo-chassis';
import { createApp } from './app.ts';
import { DEMO_SECRET } from './demo.ts';
import { createSessions } from './sessions.ts';

await runService({
  service: 'auth',
  port: 8081,
  latencyMs: 30,
  require: { 'POST /sessions/verify': ['user.id'] },
  create: ({ parts, variables }) => {
    const secret = readVariable(variables, textVariable('AUTH_SECRET', DEMO_SECRET));
    return { app: createApp({ ...parts, sessions: createSessions({ secret }) }) };
  },
});
