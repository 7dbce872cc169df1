// Why a request got no answer, in words and with the cure.

const START = 'start a backend (longpole up), or name another source';
const TRUST = 'NODE_EXTRA_CA_CERTS=ca.pem makes Node trust a certificate authority of your own';

/** Reason and cure by the error's code. */
const REASONS: Readonly<Record<string, readonly [reason: string, cure: string]>> = {
  ECONNREFUSED: ['nothing listens there', START],
  ENOTFOUND: ['its name is unknown', START],
  EAI_AGAIN: ['its name could not be looked up', START],
  EHOSTUNREACH: ['no route leads to it', START],
  ENETUNREACH: ['no route leads to it', START],
  ECONNRESET: ['it closed the connection', START],
  UND_ERR_SOCKET: ['it closed the connection', START],
  UND_ERR_CONNECT_TIMEOUT: ['it did not accept the connection in time', START],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its TLS certificate is self-signed', TRUST],
  SELF_SIGNED_CERT_IN_CHAIN: ['its TLS certificate comes from an unknown authority', TRUST],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['its TLS certificate comes from an unknown authority', TRUST],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['its TLS certificate comes from an unknown authority', TRUST],
  CERT_HAS_EXPIRED: ['its TLS certificate has expired', 'renew it'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its TLS certificate is for another name',
    'name the source as its certificate does',
  ],
  ERR_SSL_WRONG_VERSION_NUMBER: ['it does not speak TLS there', 'try http:// instead of https://'],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['it does not speak TLS there', 'try http:// instead of https://'],
  EPROTO: ['it does not speak TLS there', 'try http:// instead of https://'],
};

/** What is read of a thrown value, wherever it was made: `fetch` hides the reason in the cause of the cause. */
interface Failure {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

const DEEPEST = 10;

function failuresOf(error: unknown): Failure[] {
  const failures: Failure[] = [];
  const open: unknown[] = [error];
  while (open.length > 0 && failures.length < DEEPEST) {
    const one = open.shift();
    if (typeof one !== 'object' || one === null) continue;
    const failure: Failure = one;
    failures.push(failure);
    open.push(failure.cause, ...(Array.isArray(failure.errors) ? failure.errors : []));
  }
  return failures;
}

/** Why a request failed, and what to do about it. */
export function reasonOf(error: unknown, timeoutMs: number): readonly [reason: string, cure: string] {
  const failures = failuresOf(error);
  if (failures.some(({ name }) => name === 'TimeoutError')) {
    return [`no answer within ${timeoutMs / 1000} s`, 'ask for fewer traces, or name another source'];
  }
  const known = failures.find(({ code }) => typeof code === 'string' && code in REASONS);
  if (known !== undefined) return REASONS[String(known.code)] as readonly [string, string];
  const message = failures.findLast((failure) => typeof failure.message === 'string')?.message;
  if (/redirect count/i.test(String(message))) return ['it redirects in a circle', START];
  if (/HTTP|parse/i.test(String(message))) {
    return ['what answers there does not speak HTTP/1.1, as an OTLP/gRPC port (4317) does not', START];
  }
  return [String(message ?? error), START];
}
