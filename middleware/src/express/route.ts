// Works out the whole route template of a request from the pieces that nested routers publish one by one.

/** What Express's channel says of a layer's path: text, a regular expression, or nothing. */
export type Pattern = string | RegExp | undefined;

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
 *
 * Where the request is, three things tell: `dispatch` stands for one router's work on it, as the `next` function does that
 * the router has put on it; `base` is `req.baseUrl`, the part of the path that the mount paths have matched so far, which is
 * only compared, never shown; `pattern` is the path of the layer that is entered.
 */
export class RouteTrail {
  readonly #dispatches: Dispatch[] = [];
  /** The layer entered last. Most of them call no router, so it is made an object of only when it is asked for. */
  #latest: Entered | undefined = ROOT;
  #enclosing: Entered = ROOT;
  #base = '';
  #pattern: Pattern;

  /** A middleware or a mounted router is entered. */
  enterLayer(dispatch: unknown, base: string, pattern: Pattern): void {
    this.#enclosing = this.#enclosingOf(dispatch, base, pattern, false);
    this.#base = base;
    this.#pattern = pattern;
    this.#latest = undefined;
  }

  /** A route is entered; returns its template. A router that a route's handler calls is not below the route's path. */
  enterRoute(dispatch: unknown, base: string, pattern: Pattern): string {
    const enclosing = this.#enclosingOf(dispatch, base, pattern, true);
    this.#latest = enclosing;
    return joinTemplates(enclosing.template, patternText(pattern)) || '/';
  }

  /** The template of what the layer entered last is mounted at. */
  get template(): string {
    return this.#entered().template;
  }

  #entered(): Entered {
    this.#latest ??= {
      template: joinTemplates(this.#enclosing.template, patternText(this.#pattern)),
      base: this.#base,
      enclosing: this.#enclosing,
    };
    return this.#latest;
  }

  /** A router that is new was called by the layer entered last, or, once that one's router was left, by one outside it. */
  #enclosingOf(dispatch: unknown, base: string, pattern: Pattern, isRoute: boolean): Entered {
    const dispatches = this.#dispatches;
    for (let i = dispatches.length - 1; i >= 0; i--) {
      const known = dispatches[i] as Dispatch;
      if (known.id === dispatch) return known.enclosing;
    }
    let candidate: Entered | undefined = this.#entered();
    while (candidate !== undefined && !canEnclose(candidate.base, base, pattern, isRoute)) {
      candidate = candidate.enclosing;
    }
    const enclosing = candidate ?? ROOT;
    dispatches.push({ id: dispatch, enclosing });
    return enclosing;
  }
}

/** Whether a layer with the pattern, in a router called at `mountedAt`, can have the base that it has. */
function canEnclose(mountedAt: string, base: string, pattern: Pattern, isRoute: boolean): boolean {
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
