// Lets every name lead to this machine, also those that look public, and asks for them with each kind of client.

import dns from 'node:dns';
import http from 'node:http';
import { jest } from '@jest/globals';
import axios from 'axios';

type Found = (error: null, address: string | dns.LookupAddress[], family?: number) => void;

/** Until the mocks are restored. */
export function leadNamesHere(): void {
  const lookup = (_name: string, options: dns.LookupOptions, done: Found): void => {
    if (options.all === true) done(null, [{ address: '127.0.0.1', family: 4 }]);
    else done(null, '127.0.0.1', 4);
  };
  jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
}

export type Headers = Readonly<Record<string, string>>;
export type Get = (url: string, headers?: Headers) => Promise<void>;

const byNode: Get = (url, headers = {}) => get(url, { headers });

/** Headers in an array are rendered before anybody can see them. */
const byNodeWithArray: Get = (url, headers = {}) =>
  get(url, { headers: [['host', new URL(url).host], ...Object.entries(headers)].flat() });

function get(url: string, options: http.RequestOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = http.get(url, { ...options, agent: false });
    request.on('response', (response) => response.resume().on('end', resolve)).on('error', reject);
  });
}

const byAxios: Get = async (url, headers = {}) => {
  await axios.get(url, { headers: { ...headers }, proxy: false });
};

const byFetch: Get = async (url, headers = {}) => {
  await (await fetch(url, { headers })).arrayBuffer();
};

export const FOLLOWING: readonly (readonly [string, Get])[] = [
  ['axios', byAxios],
  ['fetch', byFetch],
];

export const GETS: readonly (readonly [string, Get])[] = [
  ['node:http', byNode],
  ['node:http with headers in an array', byNodeWithArray],
  ...FOLLOWING,
];
