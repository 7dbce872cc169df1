// Asks a running service for its faults and sets them, over its /faults.
import { callHttp, type HttpAnswer, type HttpCall } from './call-http.ts';
import { PORT_WISHES, urlsOf } from './members.ts';
import { MeshError } from './mesh-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** By the fields of /faults. */
export type ShownFaults = Readonly<Record<string, unknown>>;

const DEADLINE_MS = 3_000;

export interface FaultClient {
  /** Every method rejects with a MeshError that says why the service did not do it, and the cure. */
  read(service: string): Promise<ShownFaults>;
  replace(service: string, faults: ShownFaults): Promise<ShownFaults>;
  clear(service: string): Promise<ShownFaults>;
}

/** Finds the services where `environment` says, by `PAYMENT_URL` or `PAYMENT_PORT`, or where they are by default. */
export function createFaultClient(environment: Environment): FaultClient {
  const ports = new Map(
    PORT_WISHES.map(({ variable, fallback }) => [variable, Number(environment[variable] || fallback)]),
  );
  const urls = urlsOf(ports, environment['HOST'] || '127.0.0.1');
  const ask = async (service: string, call: Omit<HttpCall, 'signal'>): Promise<ShownFaults> => {
    const url = environment[`${service.toUpperCase()}_URL`] || urls.of(service);
    const signal = AbortSignal.timeout(DEADLINE_MS);
    const answer = await callHttp(`${url}/faults`, { ...call, signal }).catch((error: unknown) => {
      throw notRunning(service, url, error);
    });
    return readAnswer(service, url, answer);
  };
  return {
    read: (service) => ask(service, {}),
    replace: (service, faults) =>
      ask(service, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      }),
    clear: (service) => ask(service, { method: 'DELETE' }),
  };
}

function readAnswer(service: string, url: string, { status, body }: HttpAnswer): ShownFaults {
  const answer = parse(body);
  if (status === 200 && typeof answer['latencyMs'] === 'number') return answer;
  if (status === 403) {
    throw new MeshError(
      `${service} runs without FAULTS=on, so nothing can be set. Stop the demo and start it again: FAULTS=on npm start`,
    );
  }
  if (status === 422) throw new MeshError(`${service} refused: ${String(answer['detail'])}`);
  throw new MeshError(
    `What answers at ${url} is not ${service}: status ${status} for /faults. ${sayWhere(service)}`,
  );
}

function parse(body: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(body)) as Record<string, unknown>;
  } catch {
    return {};
  }
}

function notRunning(service: string, url: string, error: unknown): MeshError {
  const { code, name } = error as NodeJS.ErrnoException;
  return new MeshError(
    `${service} does not answer at ${url} (${code ?? name}). Start the demo: FAULTS=on npm start. ${sayWhere(service)}`,
  );
}

function sayWhere(service: string): string {
  return `If it runs elsewhere, say where: ${service.toUpperCase()}_URL=http://127.0.0.1:18083 npm run fault`;
}
