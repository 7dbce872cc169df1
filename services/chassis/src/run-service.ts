// Runs a service as a process: reads the environment, starts tracing, listens, and stops cleanly when told to.
import { startTracing, type TracingOptions, type TrustInbound, tracing } from '@longpole/express';
import type { Express, RequestHandler } from 'express';
import { demoSampler } from './demo-sampler.ts';
import { type Environment, EnvironmentError } from './environment.ts';
import { Faults } from './faults.ts';
import { listen, stopListening } from './listen.ts';
import { createLog, type Log } from './log.ts';
import { mistakesOf } from './mistakes.ts';
import { rehearse } from './rehearse.ts';
import {
  readServiceEnvironment,
  type ServiceDefaults,
  type ServiceEnvironment,
} from './service-environment.ts';

const DRAIN_MS = 8_000;
const EXIT_BAD_ENVIRONMENT = 2;

export interface ServiceContext {
  readonly environment: ServiceEnvironment;
  /** The process environment, for the variables only this service has. */
  readonly variables: Environment;
  /** What `createServiceApp` needs. */
  readonly parts: {
    readonly service: string;
    readonly faults: Faults;
    readonly faultsEnabled: boolean;
    readonly tracing: RequestHandler;
    readonly log: Log;
  };
}

export interface Service {
  readonly app: Express;
  /** Called after the last request has ended and before the last spans are sent. */
  close?(): void | Promise<void>;
}

export interface RunOptions extends ServiceDefaults {
  readonly service: string;
  /** Whose trace context is continued. Defaults to callers from inside. */
  readonly trustInbound?: TrustInbound;
  /** Attributes that no successful request of a route may lack. Defaults to none. */
  readonly require?: NonNullable<TracingOptions['require']>;
  readonly create: (context: ServiceContext) => Service | Promise<Service>;
}

/** Resolves once the service listens. A bad environment ends the process with one line and exit code 2. */
export async function runService(options: RunOptions): Promise<void> {
  try {
    await start(options);
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    console.error(`${options.service}: ${error.message}`);
    process.exit(EXIT_BAD_ENVIRONMENT);
  }
}

async function start(options: RunOptions): Promise<void> {
  const { service: name, create, trustInbound, require = [] } = options;
  const trust = trustInbound === undefined ? {} : { trustInbound };
  const environment = readServiceEnvironment(name, options, process.env);
  const faults = new Faults({ service: name, latencyMs: environment.latencyMs });
  const canMissample = environment.faultsEnabled && mistakesOf(name).includes('sampling');
  const traces = startTracing({
    service: name,
    ignore: ['/faults'],
    ...(canMissample ? { sampler: demoSampler(faults) } : {}),
  });
  const service = await create({
    environment,
    variables: process.env,
    parts: {
      service: name,
      faults,
      faultsEnabled: environment.faultsEnabled,
      tracing: tracing({ service: name, require, ...trust }),
      log: createLog(name, environment.logLevel),
    },
  });
  const { server, url } = await listen(service.app, environment);
  await rehearse(server);
  console.log(`${name} listens on ${url}`);

  stopOnSignal(async () => {
    await stopListening(server, DRAIN_MS);
    await service.close?.();
    await traces.shutdown();
  });
}

function stopOnSignal(stop: () => Promise<void>): void {
  let isStopping = false;
  const onSignal = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
