// The environment every service reads: where to listen, how slow to be, where to keep data, whether faults are allowed.
import { type Environment, readVariable } from './environment.ts';
import type { LogLevel } from './log.ts';
import {
  folderVariable,
  logLevelVariable,
  millisecondsVariable,
  portVariable,
  switchVariable,
  textVariable,
} from './variables.ts';

export interface ServiceEnvironment {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port, for messages. */
  readonly portName: string;
  readonly latencyMs: number;
  readonly dataDir: string | undefined;
  readonly faultsEnabled: boolean;
  readonly logLevel: LogLevel;
}

export interface ServiceDefaults {
  readonly port: number;
  readonly latencyMs: number;
}

/** Throws an EnvironmentError that names the first variable that doesn't fit. */
export function readServiceEnvironment(
  service: string,
  defaults: ServiceDefaults,
  environment: Environment,
): ServiceEnvironment {
  const prefix = service.toUpperCase();
  const portName = `${prefix}_PORT`;
  return {
    host: readVariable(environment, textVariable('HOST', '127.0.0.1')),
    port: readVariable(environment, portVariable(portName, defaults.port)),
    portName,
    latencyMs: readVariable(environment, millisecondsVariable(`${prefix}_LATENCY_MS`, defaults.latencyMs)),
    dataDir: readVariable(environment, folderVariable('DATA_DIR')),
    faultsEnabled: readVariable(environment, switchVariable('FAULTS')),
    logLevel: readVariable(environment, logLevelVariable('LOG_LEVEL')),
  };
}
