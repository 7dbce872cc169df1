// Stand-ins for the four services, over real HTTP: each answers what a test tells it to and remembers what it was asked.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: unknown;
}

/** What a service answers: a status and a body; `hang` never answers, `cut` closes the connection. */
export type Answer = { status: number; body?: unknown } | 'hang' | 'cut';

const SERVICES = ['auth', 'inventory', 'payment', 'notify'] as const;
export type ServiceName = (typeof SERVICES)[number];

const GOOD: Record<string, Answer> = {
  'auth POST': { status: 200, body: { userId: 'ada', expiresAt: '2100-01-01T00:00:00.000Z' } },
  'inventory POST': { status: 201, body: { orderId: 'o', total: 199.8, currency: 'EUR' } },
  'inventory DELETE': { status: 204 },
  'payment POST': { status: 201, body: { paymentId: 'pay-1', orderId: 'o', amount: 199.8 } },
  'notify POST': { status: 202, body: { notificationId: 'note-1', state: 'queued' } },
};

export class FakeServices {
  readonly asked: Asked[] = [];
  #answers: Record<string, Answer> = GOOD;
  readonly #servers = new Map<ServiceName, Server>();

  async start(): Promise<void> {
    for (const name of SERVICES) {
      const server = createServer((req, res) => void this.#reply(name, req, res));
      this.#servers.set(name, server.listen(0, '127.0.0.1'));
      await once(server, 'listening');
    }
  }

  /** Base URLs by name. */
  get urls(): Record<ServiceName, string> {
    const url = (name: ServiceName): string => {
      const { port } = this.#servers.get(name)!.address() as AddressInfo;
      return `http://127.0.0.1:${port}`;
    };
    return { auth: url('auth'), inventory: url('inventory'), payment: url('payment'), notify: url('notify') };
  }

  /** From now on: `answers` by service and method (`'payment POST'`), good answers for the rest; forgets what was asked. */
  behave(answers: Record<string, Answer>): void {
    this.#answers = { ...GOOD, ...answers };
    this.asked.length = 0;
  }

  /** What was asked, as `payment POST /charges`. */
  get calls(): string[] {
    return this.asked.map(
      ({ service, method, path }) => `${service} ${method} ${path.replace(/order-.*/, '{id}')}`,
    );
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  async #reply(service: ServiceName, req: IncomingMessage, res: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of req) text += String(part);
    const { method = '', url: path = '', headers } = req;
    this.asked.push({ service, method, path, headers, body: text === '' ? undefined : JSON.parse(text) });
    const answer = this.#answers[`${service} ${method}`] ?? { status: 404 };
    if (answer === 'hang') return;
    if (answer === 'cut') {
      res.destroy();
      return;
    }
    res.statusCode = answer.status;
    res.setHeader('content-type', answer.status < 400 ? 'application/json' : 'application/problem+json');
    res.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  }
}

/** A problem as the services answer it. */
export function problem(status: number, code: string): Answer {
  const body = {
    type: `urn:longpole:problem:${code}`,
    title: `title of ${code}`,
    status,
    detail: `detail of ${code}`,
  };
  return { status, body };
}
