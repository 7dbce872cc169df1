// Reads the mount path of a layer of Express 4 back out of the regular expression that Express made of it.

/** What Express 4 keeps of a layer's path. */
export interface MountLayer {
  readonly name?: string;
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly { readonly name: string | number }[];
  /** Express 5: mounted at `/`. */
  readonly slash?: boolean;
  /** Express 5. */
  readonly matchers?: readonly ((path: string) => unknown)[];
}

/** What a mount path ends with in its regular expression: an optional slash, then the end or another segment. */
const MOUNT_END = /\\\/\?(?:\(\?=\\\/\|\$\))?$/;

/** One named parameter, `/:name` or `/:name?`, in the words of path-to-regexp 0.1. */
const PARAMETER = /\(\?:(\\\/|\\\.)?\(\[\^\\?\/(?:\\\.)?\]\+\?\)\)(\??)/g;

/** Whether the layer's path fits a path. */
export function fitsLayer({ regexp, matchers }: MountLayer, path: string): boolean {
  if (regexp !== undefined) return withoutState(regexp).test(path);
  return matchers?.some((matcher) => matcher(path) !== false) ?? false;
}

/** The part of the path that is below the layer's mount path, or `undefined` when the path does not match it. */
export function restBelow({ regexp, slash }: MountLayer, path: string): string | undefined {
  if (slash === true || regexp?.fast_slash === true) return path;
  if (regexp === undefined) return undefined;
  const match = withoutState(regexp).exec(path);
  if (match === null || match.index !== 0) return undefined;
  const rest = path.slice(match[0].length);
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/**
 * The mount path as it was written, as far as text and parameters go; of anything else the regular expression itself.
 * Either way nothing of a request is in it.
 */
export function layerTemplate({ regexp, keys = [], slash }: MountLayer): string | undefined {
  if (slash === true || regexp?.fast_slash === true) return '';
  if (regexp === undefined) return undefined;
  if (!regexp.source.startsWith('^') || !MOUNT_END.test(regexp.source)) return String(regexp);
  const names = keys.map((key) => key.name);
  const text = regexp.source
    .slice(1)
    .replace(MOUNT_END, '')
    .replace(PARAMETER, (_, before = '', optional: string) => `${before}:${names.shift()}${optional}`)
    .replace(/\(\.\*\)/g, () => (names.shift() === undefined ? '(.*)' : '*'))
    .replace(/\\([/.-])/g, '$1');
  const isText = names.length === 0 && !/[\\()[\]{}|^$+]/.test(text);
  return isText ? text : String(regexp);
}

/** With `g` or `y` a pattern remembers where its last match ended. */
export function withoutState(pattern: RegExp): RegExp {
  return pattern.global || pattern.sticky
    ? new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
    : pattern;
}
