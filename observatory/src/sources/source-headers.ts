// Headers for every request to a backend, as an environment variable gives them.
import { SourceError } from './source-error.ts';

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Headers in the form of `OTEL_EXPORTER_OTLP_HEADERS`: `name=value,name2=value2`, values percent-encoded where they
 * have a comma. An empty or absent text is none.
 * @param from The variable's name, for the error; its value is a secret and not repeated.
 * @throws SourceError `ERR_LONGPOLE_SOURCE_HEADERS`
 */
export function parseSourceHeaders(text: string | undefined, from: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const pair of (text ?? '').split(',').filter((one) => one.trim() !== '')) {
    const at = pair.indexOf('=');
    const name = pair.slice(0, Math.max(0, at)).trim();
    const value = pair.slice(at + 1).trim();
    if (at < 0 || !NAME.test(name) || /%(?![0-9a-f]{2})/i.test(value)) {
      const shown = at < 0 ? 'a part without =' : `the part of ${JSON.stringify(name)}`;
      const problem = `${from}: ${shown} is no header; write name=value,name2=value2, with %25 for a percent sign.`;
      throw new SourceError('ERR_LONGPOLE_SOURCE_HEADERS', problem);
    }
    headers[name.toLowerCase()] = decodeURIComponent(value);
  }
  return headers;
}
