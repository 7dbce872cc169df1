// Listening and stopping: addresses that can't be used, and requests that are under way.

import { once } from 'node:events';
import { Agent, get, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EnvironmentError } from '../src/environment.ts';
import { listen, stopListening } from '../src/listen.ts';

const servers: Server[] = [];

async function start(app: RequestListener) {
  const started = await listen(app, { host: '127.0.0.1', port: 0, portName: 'AUTH_PORT' });
  servers.push(started.server);
  return started;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('listen', () => {
  test('takes a free port for 0 and tells its URL', async () => {
    const { url } = await start((_req, res) => res.end('here'));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    expect(await (await fetch(url)).text()).toBe('here');
  });

  test('names the port and the variable when the port is taken', async () => {
    const { url } = await start(() => undefined);
    const port = Number(new URL(url).port);
    const attempt = listen(() => undefined, { host: '127.0.0.1', port, portName: 'AUTH_PORT' });
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(
      `Port ${port} on 127.0.0.1 is taken by another process. Stop it, or set AUTH_PORT to a free port.`,
    );
  });

  test('names HOST when it is not an address of this machine', async () => {
    const attempt = listen(() => undefined, { host: '192.0.2.1', port: 0, portName: 'AUTH_PORT' });
    await expect(attempt).rejects.toThrow('HOST="192.0.2.1" is not an address of this machine');
  });
});

describe('stopListening', () => {
  test('lets a request that is under way end, and does not wait for idle connections', async () => {
    const { server, url } = await start((_req, res) => {
      started.resolve();
      void finish.promise.then(() => res.end('finished'));
    });
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const agent = new Agent({ keepAlive: true });
    const [answer] = await Promise.all([textOf(url, agent), started.promise.then(stopThenFinish)]);

    async function stopThenFinish(): Promise<void> {
      const stopped = stopListening(server, 60_000);
      await expect(fetch(url)).rejects.toThrow('fetch failed');
      finish.resolve();
      await stopped;
    }
    expect(answer).toBe('finished');
    expect(server.listening).toBe(false);
    agent.destroy();
  });

  test('closes what is still open after the deadline', async () => {
    const { server, url } = await start(() => arrived.resolve());
    const arrived = Promise.withResolvers<void>();
    const call = get(url);
    const failed = once(call, 'error');
    await arrived.promise;
    await stopListening(server, 1);
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
  });
});

async function textOf(url: string, agent: Agent): Promise<string> {
  const [answer] = await once(get(url, { agent }), 'response');
  let text = '';
  for await (const part of answer) text += String(part);
  return text;
}
