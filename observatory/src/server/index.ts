// The server's table of contents.

// What can go wrong at the start
export { BackendError, type BackendErrorCode } from './backend-error.ts';
// The backend
export type { BackendOptions } from './backend-options.ts';
export type { BackendStats } from './backend-stats.ts';
export { type Backend, startBackend } from './start-backend.ts';
