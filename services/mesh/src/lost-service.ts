// What is said when a service ends while the demo goes on: what a checkout answers now, and how to bring it back.
import { type Member, PORT_WISHES, SERVICES } from './members.ts';

type Environment = Readonly<Record<string, string>>;

const ANSWERS: Readonly<Record<string, string>> = {
  gateway: 'no checkout is answered',
  notify: 'a checkout answers 201 with "receipt":"unavailable"',
};

/** One line. `how` it ended is in words, `environment` is what it ran in. */
export function describeLoss(
  { name, args }: Pick<Member, 'name' | 'args'>,
  how: string,
  environment: Environment,
): string {
  const answers = ANSWERS[name] ?? 'a checkout answers 503';
  const settings = settingsOf(name, environment).map(([variable, value]) => `${variable}=${quote(value)} `);
  return `${name} ${how}: ${answers} until it is back. Bring it back: ${settings.join('')}npx node ${args.join(' ')}`;
}

/** What a plain shell does not set by itself, in the order a reader would write it. */
function settingsOf(name: string, environment: Environment): [string, string][] {
  const own = `${name.toUpperCase()}_`;
  const defaults = new Map([
    ['FAULTS', 'off'],
    ['HOST', '127.0.0.1'],
    ...portDefaults().filter(([variable]) => variable === `${own}PORT`),
    [`${own}LATENCY_MS`, ''],
    ...(name === 'gateway' ? [...urlDefaults(), ['UPSTREAM_TIMEOUT_MS', ''] as const] : []),
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318'],
    ['OTEL_TRACES_SAMPLER', ''],
    ['OTEL_TRACES_SAMPLER_ARG', ''],
    ['DATA_DIR', ''],
    ['LOG_LEVEL', ''],
  ] as const);
  return [...defaults].flatMap(([variable, usual]) => {
    const value = environment[variable] ?? '';
    return value === '' || value === usual ? [] : [[variable, value] as [string, string]];
  });
}

function portDefaults(): (readonly [string, string])[] {
  return PORT_WISHES.map(({ variable, fallback }) => [variable, String(fallback)] as const);
}

function urlDefaults(): (readonly [string, string])[] {
  const ports = new Map(portDefaults());
  return SERVICES.filter((service) => service !== 'gateway').map((service) => {
    const prefix = service.toUpperCase();
    return [`${prefix}_URL`, `http://127.0.0.1:${ports.get(`${prefix}_PORT`)}`] as const;
  });
}

function quote(value: string): string {
  return /^[\w./:@%+,=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
