// The environment the members run in: the caller's own, with what the demo depends on fixed.
import { type MeshUrls, SERVICES } from './members.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Any of these would send the spans elsewhere, rename the services, or make the documented token invalid. */
const LEFT_OUT = new Set([
  'AUTH_SECRET',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
  'OTEL_SDK_DISABLED',
  'OTEL_SERVICE_NAME',
  'OTEL_TRACES_EXPORTER',
]);

export function memberEnvironment(
  environment: Environment,
  ports: ReadonlyMap<string, number>,
  urls: MeshUrls,
  host: string,
): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !LEFT_OUT.has(entry[0]),
  );
  const noProxy = [environment['NO_PROXY'], '127.0.0.1,localhost,::1'].filter(Boolean).join(',');
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries([...ports].map(([variable, port]) => [variable, String(port)])),
    ...Object.fromEntries(SERVICES.map((service) => [`${service.toUpperCase()}_URL`, urls.of(service)])),
    HOST: host,
    LONGPOLE_HOST: host,
    OTEL_EXPORTER_OTLP_ENDPOINT: urls.otlp,
    OTEL_BSP_SCHEDULE_DELAY: environment['OTEL_BSP_SCHEDULE_DELAY'] ?? '300',
    // With glibc, one arena instead of one a thread saves 3 MB a process.
    MALLOC_ARENA_MAX: environment['MALLOC_ARENA_MAX'] ?? '1',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}
