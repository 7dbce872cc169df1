// Works out the whole route template of a request from the pieces that nested routers publish one by one.

/** What Express's channel says of a layer's path: text, a regular expression, or nothing. */
export type Pattern = string | RegExp | undefined;

/** Where in its way through the routers a request is. */
export interface Position {
  /** Stands for one router's work on the request: the `next` function that the router has put on it. */
  readonly dispatch: unknown;
  /** `req.baseUrl`: the part of the path that the mount paths have matched so far. Only compared, never shown. */
  readonly base: string;
  /** The path of the layer that is entered. */
  readonly pattern: Pattern;
}

interface Entered {
  readonly template: string;
  readonly base: string;
  /** The layer whose handler called the router that this one belongs to. */
  readonly enclosing: Entered | undefined;
}

/** One router's work on the request, and the layer whose handler called it. */
interface Dispatch {
  readonly id: unknown;
  readonly enclosing: Entered;
}

const ROOT: Entered = { template: '', base: '', enclosing: undefined };

/**
 * The way of one request through routers inside routers. Templates are put together from patterns only, never from
 * the request's URL, so no parameter's value can get into one.
 */
export class RouteTrail {
  readonly #dispatches: Dispatch[] = [];
  #latest = ROOT;

  /** A middleware or a mounted router is entered; returns the template of what it is mounted at. */
  enterLayer(position: Position): string {
    const enclosing = this.#enclosingOf(position, false);
    const template = joinTemplates(enclosing.template, patternText(position.pattern));
    this.#latest = { template, base: position.base, enclosing };
    return template;
  }

  /** A route is entered; returns its template. A router that a route's handler calls is not below the route's path. */
  enterRoute(position: Position): string {
    this.#latest = this.#enclosingOf(position, true);
    return joinTemplates(this.#latest.template, patternText(position.pattern)) || '/';
  }

  /** A router that is new was called by the layer entered last, or, once that one's router was left, by one outside it. */
  #enclosingOf(position: Position, isRoute: boolean): Entered {
    const known = this.#dispatches.findLast(({ id }) => id === position.dispatch);
    if (known !== undefined) return known.enclosing;
    let candidate: Entered | undefined = this.#latest;
    while (candidate !== undefined && !canEnclose(candidate.base, position, isRoute)) {
      candidate = candidate.enclosing;
    }
    const enclosing = candidate ?? ROOT;
    this.#dispatches.push({ id: position.dispatch, enclosing });
    return enclosing;
  }
}

/** Whether a layer with the pattern, in a router called at `mountedAt`, can have the base that it has. */
function canEnclose(mountedAt: string, { base, pattern }: Position, isRoute: boolean): boolean {
  if (isRoute || patternText(pattern) === '') return base === mountedAt;
  return base.startsWith(mountedAt) && (base.length > mountedAt.length || canMatchNothing(pattern));
}

function canMatchNothing(pattern: Pattern): boolean {
  return typeof pattern !== 'string' || pattern.startsWith('{');
}

/** A pattern as `http.route` shows it: text as it was written, a regular expression as its literal. */
export function patternText(pattern: Pattern): string {
  if (pattern === undefined || pattern === '/') return '';
  return typeof pattern === 'string' ? pattern : String(pattern);
}

/** The template of what is mounted at `mount` and has the path `below` there. */
export function joinTemplates(mount: string, below: string): string {
  if (below === '' || mount === '') return mount + below;
  return mount.replace(/\/+$/, '') + (below.startsWith('/') ? below : `/${below}`);
}
