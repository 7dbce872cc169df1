// Requests to an application: over supertest with bodies as they are, and over plain sockets.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Express } from 'express';
import request, { type Response, type Test } from 'supertest';

/** Sends `body` unchanged: supertest would turn a Buffer under a JSON type into JSON. */
export function post(app: Express, body: Buffer, headers: Record<string, string>): Test {
  return request(app)
    .post('/v1/traces')
    .set(headers)
    .serialize((value: unknown) => value as string)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    })
    .send(body as unknown as string);
}

export async function listening(app: Express): Promise<Server> {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

export async function connected(server: Server): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

export async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'close');
  return Buffer.concat(chunks).toString();
}

/** What `post` was answered, as text. */
export function text(response: Response): string {
  return (response.body as Buffer).toString();
}
