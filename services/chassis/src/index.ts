// What the five services of the demo share, as a table of contents.

export { allowOnly } from './allow-only.ts';
export { callerGone } from './caller-gone.ts';
export { checkInput } from './check-input.ts';
// Time and faults
export { type Clock, systemClock } from './clock.ts';
export { doWork } from './do-work.ts';
// Environment
export { EnvironmentError, readVariable, type Variable } from './environment.ts';
export { type FaultState, Faults } from './faults.ts';
export type { Log } from './log.ts';
export { type Mistake, mistakesOf, type ServiceFault, serviceFaultsOf } from './mistakes.ts';
// Storage
export { inTransaction, openDatabase } from './open-database.ts';
export { type InputIssue, Problem, type ProblemOptions } from './problem.ts';
// Answers
export type { ReadinessChecks } from './readiness.ts';
export { runService, type Service, type ServiceContext } from './run-service.ts';
// A service: application, listening, stopping
export { createServiceApp, type ServiceParts } from './service-app.ts';
export { attributesOf, forEachItem, noisy } from './tracing-mistakes.ts';
export { millisecondsVariable, textVariable, urlVariable } from './variables.ts';
