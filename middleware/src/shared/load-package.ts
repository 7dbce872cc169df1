// Loads a dependency that most processes never need, at the moment it is needed.

import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import util from 'node:util';

/**
 * The package's exports. `T` is `typeof import('…')` of the same name.
 *
 * @param owner the dependency that brings the package along, where it is none of our own
 */
export function loadPackage<T>(name: string, owner?: string): T {
  const require = createRequire(ownLocation());
  return (owner === undefined ? require : createRequire(require.resolve(owner)))(name) as T;
}

/** The URL of this file, found without `import.meta` because the package is also built as CommonJS. */
export function ownLocation(): string {
  const name = util.getCallSites(1)[0]?.scriptName ?? '';
  return name.startsWith('file:') ? name : pathToFileURL(name).href;
}
