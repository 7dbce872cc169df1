// Loads axios and what repeats its calls when the first client is made: most processes make none, or keep an axios of their own.

import type { AxiosStatic } from 'axios';
import { loadPackage } from '../shared/load-package.ts';

type Retry = typeof import('axios-retry');

interface AxiosPackages {
  readonly axios: AxiosStatic;
  readonly retry: Retry;
}

let loaded: AxiosPackages | undefined;

export function axiosPackages(): AxiosPackages {
  loaded ??= {
    axios: loadPackage<AxiosStatic>('axios'),
    retry: loadPackage<Retry>('axios-retry'),
  };
  return loaded;
}
