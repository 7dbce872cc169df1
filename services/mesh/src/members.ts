// Who belongs to the mesh: the backend and the five services, how each is started and where it answers.
import type { PortWish } from './claim-ports.ts';
import { nodeArguments, type ProgramKind } from './node-arguments.ts';

export interface Member {
  readonly name: string;
  /** Arguments of node: the program and its own arguments. */
  readonly args: readonly string[];
  readonly healthUrl: string;
}

export const SERVICES = ['gateway', 'auth', 'inventory', 'payment', 'notify'] as const;

const UI_PORT: PortWish = {
  owner: 'the backend (queries and UI)',
  variable: 'LONGPOLE_UI_PORT',
  fallback: 16_686,
};
const OTLP_PORT: PortWish = { owner: 'the backend (OTLP)', variable: 'LONGPOLE_OTLP_PORT', fallback: 4_318 };

export const PORT_WISHES: readonly PortWish[] = [
  UI_PORT,
  OTLP_PORT,
  ...SERVICES.map((name, index) => ({
    owner: name,
    variable: portVariableOf(name),
    fallback: 8_080 + index,
  })),
];

/** Where the command line looks for traces when it is not told. */
export const DEFAULT_UI_URL = `http://127.0.0.1:${UI_PORT.fallback}`;

export interface MeshUrls {
  readonly ui: string;
  readonly otlp: string;
  readonly gateway: string;
  readonly of: (service: string) => string;
}

/** Where everything answers, seen from this machine. */
export function urlsOf(ports: ReadonlyMap<string, number>, host: string): MeshUrls {
  const url = (variable: string): string => `http://${toReachable(host)}:${ports.get(variable)}`;
  const of = (service: string): string => url(portVariableOf(service));
  return { ui: url(UI_PORT.variable), otlp: url(OTLP_PORT.variable), gateway: of('gateway'), of };
}

export function membersOf(urls: MeshUrls, kind: ProgramKind): readonly Member[] {
  const backend: Member = {
    name: 'backend',
    args: [...nodeArguments('observatory', 'cli/main', kind), 'up'],
    healthUrl: `${urls.ui}/api/services`,
  };
  const services = SERVICES.map((name) => ({
    name,
    args: nodeArguments(`services/${name}`, 'main', kind),
    healthUrl: `${urls.of(name)}/readyz`,
  }));
  return [backend, ...services];
}

function portVariableOf(service: string): string {
  return `${service.toUpperCase()}_PORT`;
}

/** An address that listens everywhere is reached by loopback. */
function toReachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
