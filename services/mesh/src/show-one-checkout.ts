// What a reader sees first: one checkout, what held it up, and how to do both again.
import { type CheckoutAnswer, curlOf, sendCheckout } from './demo-checkout.ts';
import { DEFAULT_UI_URL, type MeshUrls } from './members.ts';
import { type ShowOptions, showBottleneck } from './show-bottleneck.ts';

export interface CheckoutOptions extends Omit<ShowOptions, 'source'> {
  readonly urls: MeshUrls;
}

export async function showOneCheckout(options: CheckoutOptions): Promise<void> {
  const { terminal, stop, urls } = options;
  try {
    await showAnswer(await sendCheckout(urls.gateway, stop), options);
  } catch (error) {
    stop.throwIfAborted();
    terminal.err(`POST /api/checkout got no answer: ${error instanceof Error ? error.message : error}\n\n`);
  }
  terminal.out(
    `Send another:\n\n${curlOf(urls.gateway)}\n\n` +
      `See what holds up the newest one:\n\n${bottleneckCommand(urls)}\n\nCtrl-C stops everything.\n`,
  );
}

async function showAnswer(answer: CheckoutAnswer, options: CheckoutOptions): Promise<void> {
  const { terminal, environment } = options;
  terminal.out(
    `POST /api/checkout → ${answer.status} in ${Math.round(answer.durationMs)} ms, ${answer.summary}\n\n`,
  );
  if (!answer.isSampled) terminal.out(`${whyNotSampled(environment)}\n\n`);
  else if (answer.traceId !== undefined) await showTrace(answer.traceId, options);
}

/** Gives the link only when the backend has the trace. */
async function showTrace(traceId: string, options: CheckoutOptions): Promise<void> {
  const exitCode = await showBottleneck(traceId, { ...options, source: options.urls.ui });
  const link = `The trace      ${options.urls.ui}/trace/${traceId}\n\n`;
  options.terminal.out(`\n${exitCode === 0 ? link : ''}`);
}

function bottleneckCommand({ ui }: MeshUrls): string {
  return `npx longpole bottleneck${ui === DEFAULT_UI_URL ? '' : ` --source ${ui}`}`;
}

const SAMPLER_VARIABLES = ['OTEL_TRACES_SAMPLER', 'OTEL_TRACES_SAMPLER_ARG'];

function whyNotSampled(environment: Readonly<Record<string, string>>): string {
  const settings = SAMPLER_VARIABLES.filter((name) => environment[name]).map(
    (name) => `${name}=${environment[name]}`,
  );
  const why = settings.length === 0 ? '' : ` (${settings.join(' ')})`;
  const cure = keepsNothing(environment)
    ? 'No other will be either: choose another sampler, or leave it out.'
    : 'Another may be.';
  return `This checkout was not sampled${why}, so it has no trace. ${cure}`;
}

function keepsNothing({
  OTEL_TRACES_SAMPLER: sampler = '',
  OTEL_TRACES_SAMPLER_ARG: ratio = '',
}: Readonly<Record<string, string>>): boolean {
  return sampler.endsWith('always_off') || (sampler.endsWith('traceidratio') && /^0(\.0*)?$/.test(ratio));
}
