// The server's table of contents.

// What can go wrong at the start
export { BackendError } from './backend-error.ts';
// The backend
export type { BackendOptions } from './backend-options.ts';
export { type Backend, startBackend } from './start-backend.ts';
