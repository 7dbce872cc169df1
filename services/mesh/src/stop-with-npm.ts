// Notices that the `npm start` which started this process is gone, as after `kill -9`, when nobody is left to pass signals on.

const POLL_MS = 1_000;

export interface NpmWatch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The id of the parent process, as it is now. */
  readonly parentId: () => number;
  readonly onGone: () => void;
}

/**
 * Calls `onGone` once, within a second of the parent's end. Does nothing unless npm's start script is what runs, so
 * that a demo which a shell put into the background on purpose outlives that shell. Keeps no process alive.
 */
export function stopWithNpm({ environment, parentId, onGone }: NpmWatch): void {
  if (environment['npm_lifecycle_event'] !== 'start') return;
  const npm = parentId();
  const timer = setInterval(() => {
    if (parentId() === npm) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}
