// A server that listens and closes.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { clientUrl, listen } from '../../src/server/listen.ts';

const SOURCE = { variable: 'PORT', flag: '--port' };

async function connectTo(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

describe('a listener', () => {
  it('cuts a request off that does not end within the grace', async () => {
    const arrived = Promise.withResolvers<void>();
    const listener = await listen(() => arrived.resolve(), '127.0.0.1', 0, SOURCE);
    const socket = await connectTo(listener.url);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await arrived.promise;
    const cut = once(socket, 'close');
    await listener.close(20);
    await cut;
  });

  it('cuts a connection off that sends nothing', async () => {
    const listener = await listen(() => undefined, '127.0.0.1', 0, SOURCE);
    const socket = await connectTo(listener.url);
    const cut = once(socket, 'close');
    await listener.close(20);
    await cut;
  });

  it('tells an address that a client can use when it listens on every one', () => {
    expect(clientUrl('0.0.0.0', 4318)).toBe('http://127.0.0.1:4318');
    expect(clientUrl('::', 4318)).toBe('http://[::1]:4318');
    expect(clientUrl('::1', 4318)).toBe('http://[::1]:4318');
    expect(clientUrl('10.0.0.7', 4318)).toBe('http://10.0.0.7:4318');
  });

  it('names the port, the variable and the flag when the port is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    await expect(listen(() => undefined, '127.0.0.1', port, SOURCE)).rejects.toMatchObject({
      code: 'ERR_LONGPOLE_PORT_TAKEN',
      port,
      variable: 'PORT',
      flag: '--port',
    });
    holder.close();
    await once(holder, 'close');
  });
});
