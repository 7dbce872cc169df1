// A backend on 127.0.0.1 that answers what a test tells it, and remembers what it was asked.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (url: URL, res: ServerResponse, req: IncomingMessage) => void;

export interface FakeBackend {
  readonly url: string;
  /** Path and query of every request. */
  readonly asked: string[];
  answer: Answer;
  close(): Promise<void>;
}

/** Sends a JSON body. */
export function sendJson(res: ServerResponse, body: unknown, status = 200): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

export async function startFakeBackend(answer: Answer): Promise<FakeBackend> {
  const asked: string[] = [];
  const server: Server = createServer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://fake');
    asked.push(`${url.pathname}${url.search}`);
    fake.answer(url, res, req);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const fake: FakeBackend = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return fake;
}
