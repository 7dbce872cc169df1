// What the page's panel asks of the demo: the services' faults, single checkouts, a steady load. For this machine only.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sendCheckout } from './demo-checkout.ts';
import type { FaultClient, ShownFaults } from './fault-client.ts';
import { MISTAKES, SERVICE_FAULTS } from './fault-command.ts';
import { SERVICES } from './members.ts';
import { MeshError } from './mesh-error.ts';
import { MAX_PER_SECOND, SteadyLoad } from './steady-load.ts';

const MAX_BODY = 10_000;

export interface DemoControl {
  /** Where the panel's questions go. */
  readonly url: string;
  close(): void;
}

export interface ControlOptions {
  readonly gatewayUrl: string;
  readonly faults: FaultClient;
  readonly stop: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

function known(names: Readonly<Record<string, string | undefined>>, service: string): string[] {
  return Object.keys(names).filter((name) => (names[name] ?? service) === service);
}

async function describeService(faults: FaultClient, service: string): Promise<object> {
  const can = { mistakes: known(MISTAKES, service), faults: known(SERVICE_FAULTS, service) };
  try {
    return { service, ...can, state: await faults.read(service), problem: null };
  } catch (error) {
    return { service, ...can, state: null, problem: (error as Error).message };
  }
}

async function readBody(req: IncomingMessage): Promise<Record<string, unknown>> {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > MAX_BODY) throw new MeshError('The body is too long.');
  }
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw new MeshError('The body is no JSON.');
  }
}

class Control {
  readonly #options: ControlOptions;
  readonly #load: SteadyLoad;

  constructor(options: ControlOptions) {
    this.#options = options;
    this.#load = new SteadyLoad(async () => {
      const { status } = await sendCheckout(options.gatewayUrl, options.stop);
      return status < 400;
    });
  }

  async answer(req: IncomingMessage): Promise<Answer> {
    const question = `${req.method} ${req.url}`;
    if (question === 'GET /') return { status: 200, body: await this.#describe() };
    if (question === 'POST /checkout') return { status: 200, body: await this.#checkout() };
    if (question === 'PUT /load') return this.#setLoad(await readBody(req));
    const service = /^PUT \/services\/([a-z]+)$/.exec(question)?.[1];
    if (service === undefined || !SERVICES.some((name) => name === service)) {
      return { status: 404, body: { message: `The demo has no ${question}.` } };
    }
    const state: ShownFaults = await this.#options.faults.replace(service, await readBody(req));
    return { status: 200, body: { service, state } };
  }

  stop(): void {
    this.#load.set(0);
  }

  async #describe(): Promise<object> {
    const { faults } = this.#options;
    const services = await Promise.all(SERVICES.map((service) => describeService(faults, service)));
    return { services, load: this.#load.state, maxPerSecond: MAX_PER_SECOND };
  }

  #checkout(): Promise<object> {
    return sendCheckout(this.#options.gatewayUrl, this.#options.stop);
  }

  #setLoad({ perSecond }: Record<string, unknown>): Answer {
    if (typeof perSecond !== 'number' || !(perSecond >= 0 && perSecond <= MAX_PER_SECOND)) {
      const message = `perSecond is ${JSON.stringify(perSecond)}: give a number from 0 to ${MAX_PER_SECOND}.`;
      return { status: 422, body: { message } };
    }
    this.#load.set(perSecond);
    return { status: 200, body: { load: this.#load.state } };
  }
}

async function respond(control: Control, req: IncomingMessage, res: ServerResponse): Promise<void> {
  let answer: Answer;
  try {
    answer = await control.answer(req);
  } catch (error) {
    answer = { status: error instanceof MeshError ? 422 : 502, body: { message: (error as Error).message } };
  }
  res.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
}

/** Listens on a free port of the loopback address until `close`. */
export async function startDemoControl(options: ControlOptions): Promise<DemoControl> {
  const control = new Control(options);
  const server = createServer((req, res) => void respond(control, req, res));
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  const close = (): void => {
    control.stop();
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
