// The setting `propagateTo`: which hosts hear more of a request than its trace id.

import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { withoutBrackets } from '../http/hosts.ts';
import { isArrayOf, isOneOf } from '../options/checks.ts';
import { type Check, parseOptions } from '../options/parse-options.ts';
import { isPrivateHost } from './private-host.ts';

/** A host name or address, `*.example.com` for all names below it, `*` for every host, or a pattern tried on the name. */
export type HostRule = string | RegExp;

/** The hosts that `baggage` and `tracestate` go to beside private ones; as an object, also where the trace id goes. */
export type PropagateTo =
  | readonly HostRule[]
  | {
      /** Defaults to none. */
      readonly hosts?: readonly HostRule[];
      /** `'allowed-hosts'` holds the trace id back too (`traceparent`, b3 and Jaeger headers). Defaults to `'everywhere'`. */
      readonly traceparent?: 'everywhere' | 'allowed-hosts';
    };

const HOST_NAME = /^(\*\.)?[^\s/:?#@*[\]]+$/;

const isHostRule: Check = (value) =>
  value instanceof RegExp || (typeof value === 'string' && isHostText(value))
    ? undefined
    : `expected host names without scheme, port and path ('api.example.com', '*.example.com', '*') or regular expressions`;

function isHostText(text: string): boolean {
  return text === '*' || HOST_NAME.test(text) || isIP(withoutBrackets(text)) !== 0;
}

const areHostRules = isArrayOf(isHostRule);
const OBJECT_CHECKS = { hosts: areHostRules, traceparent: isOneOf('everywhere', 'allowed-hosts') };

/** Throws by itself on a misspelt key of the object form. */
export const isPropagateTo: Check = (value) => {
  if (Array.isArray(value)) return areHostRules(value);
  if (typeof value !== 'object' || value === null) return 'expected an array of hosts or an object';
  parseOptions('`propagateTo`', value, OBJECT_CHECKS);
  return undefined;
};

export function hostsOf(setting: PropagateTo): readonly HostRule[] {
  return 'hosts' in setting || !Array.isArray(setting)
    ? ((setting as { hosts?: HostRule[] }).hosts ?? [])
    : setting;
}

export function holdsTraceIdBack(setting: PropagateTo): boolean {
  return 'traceparent' in setting && setting.traceparent === 'allowed-hosts';
}

const MAX_KNOWN = 1024;

/** A test whether a host is private or one of `rules`; it remembers what it has been asked. */
export function hostTest(rules: readonly HostRule[]): (host: string) => boolean {
  const tests = rules.map(testOf);
  const known = new Map<string, boolean>();
  return (host) => {
    const answer = known.get(host);
    if (answer !== undefined) return answer;
    if (known.size >= MAX_KNOWN) known.clear();
    const name = normalised(host);
    const fresh = isPrivateHost(name) || tests.some((test) => test(withoutEndDot(name)));
    known.set(host, fresh);
    return fresh;
  };
}

function testOf(rule: HostRule): (host: string) => boolean {
  if (rule instanceof RegExp) {
    // With `g` or `y` a pattern would start where its last match has ended.
    const pattern = new RegExp(rule.source, rule.flags.replace(/[gy]/g, ''));
    return (host) => pattern.test(host);
  }
  if (rule === '*') return () => true;
  if (rule.startsWith('*.')) {
    const end = `.${withoutEndDot(normalised(rule.slice(2)))}`;
    return (host) => host.endsWith(end) && host.length > end.length;
  }
  const name = withoutEndDot(normalised(rule));
  return (host) => host === name;
}

/** Lower case, without brackets, letters beyond ASCII as DNS has them (`xn--…`). */
function normalised(host: string): string {
  const name = withoutBrackets(host).toLowerCase();
  return /[^\x20-\x7e]/.test(name) ? domainToASCII(name) : name;
}

function withoutEndDot(host: string): string {
  return host.endsWith('.') ? host.slice(0, -1) : host;
}
