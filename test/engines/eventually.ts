// Asks again until an answer is there, with a deadline: spans arrive in batches, some seconds after the response.

/** Calls `ask` every 250 ms until it gives something else than undefined; throws after `withinMs` with what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  withinMs = 40_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain for ${what}`);
    await new Promise((resume) => setTimeout(resume, 250));
  }
}
