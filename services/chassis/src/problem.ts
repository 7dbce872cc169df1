// An error that a caller is told about: RFC 9457 problem details with a stable code.

/** One thing wrong with the input: a JSON pointer to it and what is wrong. */
export interface InputIssue {
  readonly pointer: string;
  readonly detail: string;
}

export interface ProblemOptions {
  readonly status: number;
  /** Stable, in kebab case; the `type` of the answer is `urn:longpole:problem:<code>`. */
  readonly code: string;
  readonly title: string;
  /** What happened this time, with the value and the cure. */
  readonly detail: string;
  readonly issues?: readonly InputIssue[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly issues: readonly InputIssue[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(options: ProblemOptions) {
    super(options.detail, options.cause === undefined ? {} : { cause: options.cause });
    this.status = options.status;
    this.code = options.code;
    this.title = options.title;
    this.issues = options.issues ?? [];
    this.headers = options.headers ?? {};
  }

  /** The body of the answer. `traceId` is left out when the request is not traced. */
  toJson(traceId: string | undefined): Record<string, unknown> {
    return {
      type: `urn:longpole:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.message,
      ...(traceId === undefined ? {} : { traceId }),
      ...(this.issues.length === 0 ? {} : { errors: this.issues }),
    };
  }
}
