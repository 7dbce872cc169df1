// Works out the whole route template of a request from the pieces that nested routers publish one by one.

/** What Express's channel says of a layer's path: text, a regular expression, or nothing. */
export type Pattern = string | RegExp | undefined;

/** The template of a route below the mount path `base`, e.g. `/api/:tenant` and `/users/:id`. */
export function routeTemplate(mounts: ReadonlyMap<string, string>, base: string, pattern: Pattern): string {
  return joinTemplates(mountTemplate(mounts, base), patternText(pattern)) || '/';
}

/**
 * Remembers the template of the mount path that led to `base` (Express's `req.baseUrl` inside the mounted handler).
 * The same request can pass several mounts whose paths overlap, so the enclosing one is the latest whose rest fits
 * the pattern.
 */
export function rememberMount(mounts: Map<string, string>, base: string, pattern: Pattern): void {
  if (base === '' || pattern === undefined || pattern === '/' || pattern === '') return;
  const enclosing = ['', ...mounts.keys()]
    .filter((known) => known !== base && isPrefix(known, base) && fits(pattern, base.slice(known.length)))
    .at(-1);
  const template = joinTemplates(mountTemplate(mounts, enclosing ?? ''), patternText(pattern));
  // Deleting first keeps the map in the order in which mounts were entered.
  mounts.delete(base);
  mounts.set(base, template);
}

function mountTemplate(mounts: ReadonlyMap<string, string>, base: string): string {
  return base === '' ? '' : (mounts.get(base) ?? '');
}

/** A pattern as `http.route` shows it: text as it was written, a regular expression as its literal. */
function patternText(pattern: Pattern): string {
  if (pattern === undefined || pattern === '/') return '';
  return typeof pattern === 'string' ? pattern : String(pattern);
}

function joinTemplates(mount: string, below: string): string {
  if (below === '' || mount === '') return mount + below;
  return mount.replace(/\/+$/, '') + (below.startsWith('/') ? below : `/${below}`);
}

function isPrefix(known: string, base: string): boolean {
  return base.startsWith(known) && (base.length === known.length || base[known.length] === '/');
}

function fits(pattern: Exclude<Pattern, undefined>, path: string): boolean {
  if (pattern instanceof RegExp) return pattern.test(path) || pattern.test(`${path}/`);
  if (/[*{}?+()]/.test(pattern)) return true;
  const wanted = segments(pattern);
  const actual = segments(path);
  return (
    wanted.length === actual.length &&
    wanted.every((w, i) => w.includes(':') || w.toLowerCase() === actual[i]?.toLowerCase())
  );
}

function segments(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
